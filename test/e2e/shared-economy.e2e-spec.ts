import { mkdtempSync, rmSync } from 'node:fs';
import { get, Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';

import { compileInto } from '../support/compiled.js';
import { deferred } from '../support/deferred.js';
import { APP_INSTANCE, READ_PRODUCTS, TOKEN, TOKEN_INFO } from '../support/emulated-site.js';
import { FakeClock } from '../support/fake-clock.js';
import { tallyOf } from '../support/many-requests.js';
import { printTable } from '../support/print-table.js';
import { RedisServer } from '../support/redis-server.js';
import { untilTrue } from '../support/until-true.js';
import type { ReplicaOrder, ReplicaSetup } from './shared-economy/orders.js';
import { dumpOf } from './shared-economy/redis-dump.js';
import { ReplicaProcess } from './shared-economy/replica-process.js';

const REPLICAS = 4;
const CALLERS = 500;
const MANY = 200;
const STEP_MS = 2_000;
const TEN_MINUTES_MS = 600_000;
// How far the clocks of the emulator and of the replicas may be apart while one step is told after another.
const TOLERANCE_MS = 2 * STEP_MS;
// Far more than a loaded machine needs: leases must not run out because of it.
const PATIENT_MS = 20_000;
const HASTY_MS = 2_000;

const millis = (ms: number): string => `${ms.toFixed(1)} ms`;

describe('Four processes with one Redis', () => {
  const home = mkdtempSync(join(tmpdir(), 'shared-economy-'));
  const main = join(home, 'test/e2e/shared-economy/replica.js');
  const clock = new FakeClock();
  const known = new Set<string>();
  const measured: { readonly scenario: string; readonly result: string }[] = [];
  let wix: WixEmulator;
  let app: EmulatedApp;
  let redis: RedisServer;
  let replicas: readonly ReplicaProcess[] = [];

  const setup = (changes: Partial<ReplicaSetup> = {}): ReplicaSetup => ({
    apiUrl: wix.url,
    appId: app.appId,
    appSecret: app.appSecret,
    redis: redis.url,
    requestTimeoutMs: PATIENT_MS,
    nowMs: clock.nowMs(),
    ...changes,
  });
  const start = (changes?: Partial<ReplicaSetup>): Promise<ReplicaProcess> =>
    ReplicaProcess.start(main, setup(changes));
  const startFour = (changes?: Partial<ReplicaSetup>): Promise<ReplicaProcess[]> =>
    Promise.all(Array.from({ length: REPLICAS }, () => start(changes)));

  const note = (scenario: string, result: number | string): void => {
    measured.push({ scenario, result: String(result) });
  };
  const know = (...texts: readonly string[]): void => texts.forEach((text) => known.add(text));

  const newInstall = (): EmulatedInstall => {
    const install = wix.install(app, wix.addSite(), { grants: [READ_PRODUCTS] });
    know(install.instanceId, install.site.siteId, install.site.owner.userId);
    return install;
  };
  const newToken = (install = newInstall()): string => {
    const user = install.site.addUser({ roles: [] });
    const token = wix.mint.userToken(install, user);
    know(token, user.userId);
    return token;
  };

  const each = <Value>(order: ReplicaOrder, of = replicas): Promise<Value[]> =>
    Promise.all(of.map((replica) => replica.ask<Value>(order)));
  /** The different tokens that all processes together get. */
  const takeEverywhere = async (instanceIds: readonly string[], callers: number, of = replicas): Promise<string[]> => {
    const taken = new Set((await each<string[]>({ do: 'take', instanceIds, callers }, of)).flat());
    know(...taken);
    return [...taken];
  };
  const requestEverywhere = async (path: string, credentials: readonly string[]): Promise<Record<number, number>> => {
    const tallies = await Promise.all(replicas.map(({ url }) => tallyOf(url + path, credentials)));
    return tallies.reduce<Record<number, number>>((sum, tally) => {
      for (const [status, count] of Object.entries(tally)) sum[Number(status)] = (sum[Number(status)] ?? 0) + count;
      return sum;
    }, {});
  };
  const [one, others] = [(): ReplicaProcess => at(0), (): readonly ReplicaProcess[] => replicas.slice(1)];
  const at = (index: number): ReplicaProcess => {
    const replica = replicas[index];
    if (replica === undefined) throw new Error('There are not so many processes.');
    return replica;
  };

  async function expectNothingReadable(): Promise<void> {
    const { keys, types, text } = await dumpOf(redis);
    expect(types).toEqual(new Set(['string', 'stream']));
    expect([...known].filter((secret) => parts(secret).some((part) => text.includes(part)))).toEqual([]);
    note(`secrets, tokens and ids looked for in ${String(keys.length)} keys and the file Redis saves`, known.size);
  }

  beforeAll(async () => {
    compileInto(home, ['test/e2e/shared-economy']);
    wix = await WixEmulator.start({ now: () => clock.nowMs() });
    app = wix.addApp();
    know(app.appId, app.appSecret);
    redis = await RedisServer.start();
    replicas = await startFour();
  });

  beforeEach(() => wix.resetLog());
  afterEach(() => wix.clearFaults());

  afterAll(async () => {
    printTable(measured);
    await Promise.all(replicas.map((replica) => replica.kill()));
    await wix.stop();
    await redis.stop();
    rmSync(home, { recursive: true, force: true });
  });

  describe('request from Wix', () => {
    it('one token of an instance, however many callers there are', async () => {
      const taken = await takeEverywhere([newInstall().instanceId], CALLERS);

      note('4 × 500 callers for one instance: mints', wix.count(TOKEN));
      expect(taken).toHaveLength(1);
      expect(wix.count(TOKEN)).toBe(1);
    });

    it('one token of each instance', async () => {
      const instanceIds = Array.from({ length: MANY }, () => newInstall().instanceId);
      const taken = await takeEverywhere(instanceIds, 1);

      note('200 instances in 4 processes: mints', wix.count(TOKEN));
      expect(taken).toHaveLength(MANY);
      expect(wix.count(TOKEN)).toBe(MANY);
    });

    it('one introspection of a new token, however many requests bring it', async () => {
      const tally = await requestEverywhere('/anyone', Array.from({ length: CALLERS }).fill(newToken()) as string[]);

      note('4 × 500 guarded requests with one new token: questions to token-info', wix.count(TOKEN_INFO));
      expect(tally).toEqual({ 200: REPLICAS * CALLERS });
      expect(wix.count(TOKEN_INFO)).toBe(1);
    });

    it('one introspection of each new token', async () => {
      const install = newInstall();
      const tally = await requestEverywhere(
        '/anyone',
        Array.from({ length: MANY }, () => newToken(install)),
      );

      note('200 new tokens in 4 processes: questions to token-info', wix.count(TOKEN_INFO));
      expect(tally).toEqual({ 200: REPLICAS * MANY });
      expect(wix.count(TOKEN_INFO)).toBe(MANY);
    });

    it('the grants of a site once, and once more before they refuse', async () => {
      const token = newToken();
      const credentials = Array.from({ length: 100 }).fill(token) as string[];
      expect(await requestEverywhere('/granted', credentials)).toEqual({ 200: 400 });
      expect(wix.count(APP_INSTANCE)).toBe(1);
      const asked = [1];
      for (const afterMs of [1_000, 10_000, 21_000, 5_000]) {
        await tellTime(afterMs);
        expect(await requestEverywhere('/lacking', credentials)).toEqual({ 403: 400 });
        asked.push(wix.count(APP_INSTANCE));
      }

      note('4 × 100 requests, then the same for a missing scope after 1, 11, 32, 37 s: questions', asked.join(', '));
      // Within thirty seconds of the last question before a refusal there is no other one.
      expect(asked).toEqual([1, 2, 2, 3, 3]);
    });
  });

  /** Lets time pass for all processes, and for the right to ask again, which Redis counts in real time. */
  async function tellTime(ms: number): Promise<void> {
    clock.advance(ms);
    await each({ do: 'tell time', nowMs: clock.nowMs() });
    if (ms < 20_000) return;
    const client = await redis.client();
    const leases = await client.keys('*:lease');
    if (leases.length > 0) await client.del(leases);
  }

  it('renew once per window while time passes', async () => {
    const install = newInstall();
    const token = newToken(install);
    wix.variants.accessTokenLifetimeSeconds = 120;
    for (let passedMs = 0; passedMs < TEN_MINUTES_MS; passedMs += STEP_MS) {
      clock.advance(STEP_MS);
      const answers = await each<string[]>({
        do: 'tick',
        nowMs: clock.nowMs(),
        instanceId: install.instanceId,
        credential: token,
      });
      for (const [taken = '', verdict] of answers) {
        know(taken);
        expect(verdict).toBe('good');
      }
    }
    wix.variants.accessTokenLifetimeSeconds = 14_400;

    const [mints, requests] = [gapsBetween(TOKEN), gapsBetween(TOKEN_INFO)];
    note('10 minutes, tokens of 120 s, renewed from 60 s: mints', wix.count(TOKEN));
    note('seconds between them', mints.map((ms) => ms / 1_000).join(', '));
    note('10 minutes, verified for 60 s, renewed from 45 s: questions to token-info', wix.count(TOKEN_INFO));
    note('seconds between those', requests.map((ms) => ms / 1_000).join(', '));
    for (const gapMs of mints) {
      expect(gapMs).toBeGreaterThanOrEqual(60_000 - TOLERANCE_MS);
      // From then on a token of two minutes is no longer handed out.
      expect(gapMs).toBeLessThanOrEqual(90_000);
    }
    for (const gapMs of requests) {
      expect(gapMs).toBeGreaterThanOrEqual(45_000 - TOLERANCE_MS);
      expect(gapMs).toBeLessThanOrEqual(60_000 + TOLERANCE_MS);
    }
    expect(mints.length).toBeGreaterThanOrEqual(6);
    expect(requests.length).toBeGreaterThanOrEqual(8);
  });

  const gapsBetween = (path: string): number[] => {
    const moments = wix.requests.filter((request) => request.path === path).map((request) => request.at);
    return moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0));
  };

  describe('all forget', () => {
    it('a token that one of them was refused with', async () => {
      const { instanceId } = newInstall();
      const [refused] = await takeEverywhere([instanceId], 1);
      const startMs = performance.now();
      await one().ask({ do: 'invalidate', instanceId });
      await untilTrue(async () => !(await takeEverywhere([instanceId], 1, others())).includes(refused ?? ''));

      note('a refused token is gone everywhere after', millis(performance.now() - startMs));
      expect(await takeEverywhere([instanceId], CALLERS)).toHaveLength(1);
      expect(wix.count(TOKEN)).toBe(2);
    });

    it('a token that all of them are refused with at once', async () => {
      const { instanceId } = newInstall();
      const [refused] = await takeEverywhere([instanceId], 1);
      await Promise.all(
        replicas.map(async (replica) => {
          await replica.ask({ do: 'invalidate', instanceId });
          return takeEverywhere([instanceId], CALLERS, [replica]);
        }),
      );
      const taken = await takeEverywhere([instanceId], 1);

      note('all four refused at once with one token: mints', wix.count(TOKEN) - 1);
      expect(taken).not.toContain(refused);
      expect(taken).toHaveLength(1);
      expect(wix.count(TOKEN)).toBe(2);
    });

    it('what is cached about an installation', async () => {
      const install = newInstall();
      const token = newToken(install);
      const order = { do: 'grants', instanceId: install.instanceId } as const;
      await Promise.all([takeEverywhere([install.instanceId], 1), each({ do: 'verify', credential: token })]);
      await each(order);
      expect(await each({ do: 'kept', credential: token })).toEqual(Array(REPLICAS).fill(true));
      const [before] = await takeEverywhere([install.instanceId], 1);
      wix.resetLog();

      const startMs = performance.now();
      await one().ask({ do: 'forget', instanceId: install.instanceId });
      const toldMs = performance.now() - startMs;
      await untilTrue(async () => !(await each({ do: 'kept', credential: token }, others())).includes(true));
      note('forgetting an installation takes', millis(toldMs));
      note('and has reached all processes after', millis(performance.now() - startMs));

      await untilTrue(async () => !(await takeEverywhere([install.instanceId], 1)).includes(before ?? ''));
      expect(await takeEverywhere([install.instanceId], CALLERS)).toHaveLength(1);
      expect(await each({ do: 'verify', credential: token })).toEqual(Array(REPLICAS).fill('good'));
      expect(await each(order)).toEqual(Array(REPLICAS).fill([READ_PRODUCTS]));
      expect([wix.count(TOKEN), wix.count(TOKEN_INFO), wix.count(APP_INSTANCE)]).toEqual([1, 1, 1]);
    });

    it('signed instances from before the app was removed, even in a process that starts later', async () => {
      const install = newInstall();
      const credential = wix.mint.signedInstance(install, { user: install.site.owner });
      know(credential);
      expect(await each({ do: 'verify', credential })).toEqual(Array(REPLICAS).fill('good'));
      const refused = async (of: readonly ReplicaProcess[]): Promise<boolean> =>
        (await each<string>({ do: 'verify', credential }, of)).every((code) => code === 'WIX_CREDENTIALS_REJECTED');

      const startMs = performance.now();
      await one().ask({ do: 'refuse', instanceId: install.instanceId, beforeMs: clock.nowMs() + 1 });
      await untilTrue(() => refused(replicas));
      note('a removal has reached all processes after', millis(performance.now() - startMs));

      const late = await start();
      const startedMs = performance.now();
      await untilTrue(() => refused([late]));
      note('and one that has just started after', millis(performance.now() - startedMs));
      await late.close();
    });

    it('a token that another process requested earlier', async () => {
      const { instanceId } = newInstall();
      const answer = deferred<undefined>();
      wix.fail(TOKEN, { until: answer.promise, times: 1 });
      const early = takeEverywhere([instanceId], 1, [one()]);
      await wix.waitFor(TOKEN);
      await at(1).ask({ do: 'forget', instanceId });
      answer.resolve(undefined);
      const [outdated = ''] = await early;

      await untilTrue(async () => !(await takeEverywhere([instanceId], 1, [one()])).includes(outdated));
      const taken = await takeEverywhere([instanceId], CALLERS);
      expect(taken).toHaveLength(1);
      expect(taken).not.toContain(outdated);
      expect(wix.count(TOKEN)).toBe(2);
    });
  });

  it('store nothing readable in Redis', async () => {
    await expectNothingReadable();
  });

  it('answer all requests with known tokens when Redis is killed, and share again when it is back', async () => {
    const token = newToken();
    await requestEverywhere('/granted', [token]);
    const load = new Load(
      replicas.map(({ url }) => `${url}/granted`),
      token,
    );
    await untilTrue(() => load.answered > 1_000);
    const before = load.answered;
    await redis.kill();
    await untilTrue(() => load.answered > before + 5_000);
    const failures = await load.end();

    note('guarded requests while Redis was killed', load.answered);
    note('of which failed', failures);
    expect(failures).toBe(0);

    await redis.startAgain();
    const startMs = performance.now();
    await untilTrue(async () => {
      wix.resetLog();
      const taken = await takeEverywhere([newInstall().instanceId], 1);
      return taken.length === 1 && wix.count(TOKEN) === 1;
    });
    note('an empty Redis is shared again after', millis(performance.now() - startMs));
    await expectNothingReadable();
  });

  it('take over from a process that is killed while it obtains a token', async () => {
    const hasty = await startFour({ requestTimeoutMs: HASTY_MS });
    const [holder, ...heirs] = hasty;
    if (holder === undefined) throw new Error('There are four.');
    const { instanceId } = newInstall();
    wix.fail(TOKEN, { hang: true, times: 1 });
    holder.ask({ do: 'take', instanceIds: [instanceId], callers: CALLERS }).catch(() => undefined);
    await wix.waitFor(TOKEN);
    const startMs = performance.now();
    await holder.kill();
    const taken = await takeEverywhere([instanceId], CALLERS, heirs);
    const tookMs = performance.now() - startMs;

    note(`the lease of a killed process (${String(HASTY_MS + 1_000)} ms) is taken over after`, millis(tookMs));
    note('with mints, beside the one that was never answered', wix.count(TOKEN) - 1);
    expect(taken).toHaveLength(1);
    // Had no process taken over when the lease ended, each would have asked for itself in the end.
    expect(wix.count(TOKEN)).toBe(2);
    await Promise.all(heirs.map((heir) => heir.close()));
  });

  it('exit on their own after close', async () => {
    await Promise.all(replicas.map((replica) => replica.close()));
    replicas = [];
    await expectNothingReadable();
  });
});

// A token must not be found in parts either, nor an id in capitals.
const parts = (secret: string): readonly string[] => {
  const signature = secret.split('.').at(-1) ?? '';
  return [secret, secret.toUpperCase(), signature.length > 20 ? signature : secret];
};

/** Requests without end, over a few connections to each process. */
class Load {
  answered = 0;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });
  readonly #workers: Promise<void>[];
  #failures = 0;
  #isOver = false;

  constructor(urls: readonly string[], authorization: string) {
    this.#workers = urls.flatMap((url) => Array.from({ length: 8 }, () => this.#work(url, authorization)));
  }

  /** Stops, and tells how many were not answered well. */
  async end(): Promise<number> {
    this.#isOver = true;
    await Promise.all(this.#workers);
    this.#agent.destroy();
    return this.#failures;
  }

  async #work(url: string, authorization: string): Promise<void> {
    while (!this.#isOver) {
      const isGood = await this.#request(url, authorization);
      this.answered += 1;
      if (!isGood) this.#failures += 1;
    }
  }

  #request(url: string, authorization: string): Promise<boolean> {
    return new Promise((resolve) => {
      get(url, { agent: this.#agent, headers: { authorization } }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode === 200));
      }).once('error', () => resolve(false));
    });
  }
}
