import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';

import { compileInto } from '../support/compiled.js';
import { printTable } from '../support/print-table.js';
import { RedisServer, type RawRedisClient } from '../support/redis-server.js';
import { UnreliableProxy } from '../support/unreliable-proxy.js';
import { untilTrue } from '../support/until-true.js';
import { GuardedAppProcess, type GuardedRequest } from './redis-away/guarded-app-process.js';
import type { GuardedAppSetup, StoreKind } from './redis-away/orders.js';

// More than Node takes for a leak of listeners.
const ROUNDS = 15;
const KINDS: readonly StoreKind[] = [
  'createKeyvNonBlocking',
  'in a namespace',
  'createKeyv in a namespace',
  'behind memory',
  'by options',
  'RESP 3',
];
const PASSWORD = 'sesame-open-4711';
// The first of them find out that something is wrong.
const FIRST_FAILURES = 5;
const REQUESTS = 40;
// The longest time for which the store is left alone.
const BREAK_MS = 10_000;
const ADDED_MS = 50;
const MORE_TO_START_MS = 1_000;

/** What a scenario can do to the app's Redis. */
interface Surroundings {
  readonly server: RedisServer;
  /** Another Redis, which nothing happens to. */
  readonly other: RedisServer;
  readonly client: RawRedisClient;
  readonly proxy: UnreliableProxy;
}

interface Scenario {
  readonly name: string;
  readonly trouble: (surroundings: Surroundings) => unknown;
  readonly mend: (surroundings: Surroundings) => unknown;
}

const scenarios: readonly Scenario[] = [
  { name: 'killed', trouble: ({ server }) => server.kill(), mend: ({ server }) => server.startAgain() },
  { name: 'hanging', trouble: ({ server }) => server.freeze(), mend: ({ server }) => server.thaw() },
  { name: 'slow', trouble: ({ proxy }) => proxy.become('slow'), mend: ({ proxy }) => proxy.become('honest') },
  {
    name: 'full',
    trouble: async ({ client }) => {
      await client.set('filler', 'x'.repeat(2_000_000));
      await client.configSet('maxmemory', '1mb');
    },
    mend: async ({ client }) => {
      await client.configSet('maxmemory', '0');
      await client.del('filler');
    },
  },
  {
    name: 'a read-only replica',
    trouble: async ({ client, other }) => {
      await client.sendCommand(['REPLICAOF', '127.0.0.1', String(other.port)]);
      await untilTrue(async () => (await client.info('replication')).includes('master_link_status:up'));
    },
    mend: ({ client }) => client.sendCommand(['REPLICAOF', 'NO', 'ONE']),
  },
  {
    name: 'speaking HTTP',
    trouble: ({ proxy }) => proxy.become('speaking HTTP'),
    mend: ({ proxy }) => proxy.become('honest'),
  },
  {
    name: 'speaking nonsense',
    trouble: ({ proxy }) => proxy.become('speaking nonsense'),
    mend: ({ proxy }) => proxy.become('honest'),
  },
  {
    name: 'refusing the password',
    trouble: async ({ client }) => {
      await client.sendCommand(['ACL', 'SETUSER', 'app', 'resetpass', '>another']);
      // Who is connected would stay so.
      await client.sendCommand(['CLIENT', 'KILL', 'USER', 'app']);
    },
    mend: ({ client }) => client.sendCommand(['ACL', 'SETUSER', 'app', `>${PASSWORD}`]),
  },
];

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((one, other) => one - other)[numbers.length >> 1] ?? 0;
const times = (requests: readonly GuardedRequest[]): number[] => requests.map(({ tookMs }) => tookMs);
const rounded = (ms: number): number => Number(ms.toFixed(1));

describe('An app whose Redis is', () => {
  const home = mkdtempSync(join(tmpdir(), 'redis-away-'));
  const main = join(home, 'test/e2e/redis-away/guarded-app.js');
  const measured: object[] = [];
  const apps: GuardedAppProcess[] = [];
  let wix: WixEmulator;
  let app: EmulatedApp;
  let install: EmulatedInstall;
  let other: RedisServer;
  let server: RedisServer;
  let client: RawRedisClient;
  let proxy: UnreliableProxy;
  let url: string;
  /** Keeps nothing in Redis: what the others are measured against. */
  let plain: GuardedAppProcess;

  const setup = (changes: Partial<GuardedAppSetup> = {}): GuardedAppSetup => ({
    apiUrl: wix.url,
    appId: app.appId,
    appSecret: app.appSecret,
    kind: 'createKeyv',
    ...changes,
  });
  const start = async (changes: Partial<GuardedAppSetup> = { redis: url }): Promise<GuardedAppProcess> => {
    const started = await GuardedAppProcess.start(main, setup(changes));
    apps.push(started);
    return started;
  };
  const newTokens = (count: number): string[] =>
    Array.from({ length: count }, () => wix.mint.visitorToken(install, install.site.addVisitor()));

  beforeAll(async () => {
    compileInto(home, ['test/e2e/redis-away', 'test/support/captured-logs.ts']);
    wix = await WixEmulator.start();
    app = wix.addApp();
    install = wix.install(app, wix.addSite());
    other = await RedisServer.start(['--repl-diskless-sync-delay', '0']);
    plain = await GuardedAppProcess.start(main, setup());
  });

  beforeEach(async () => {
    server = await RedisServer.start(['--user', 'app', 'on', `>${PASSWORD}`, '~*', '&*', '+@all']);
    client = await server.client();
    proxy = new UnreliableProxy(server.port);
    url = `redis://app:${PASSWORD}@127.0.0.1:${String(await proxy.start())}`;
  });

  afterEach(async () => {
    await Promise.all(apps.splice(0).map((started) => started.kill()));
    await proxy.stop();
    await server.stop();
  });

  afterAll(async () => {
    printTable(measured);
    await plain.close();
    await other.stop();
    await wix.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** Requests with unknown tokens go on, and are slowed down no more than a little once the trouble is known. */
  async function expectToGoOn(guarded: GuardedAppProcess, name: string): Promise<void> {
    const requests = [];
    const plainRequests = [];
    // In turn, so that whatever else keeps the machine busy slows down both.
    for (const [token = '', plainToken = ''] of Array.from({ length: REQUESTS }, () => newTokens(2))) {
      requests.push(...(await guarded.requests([token])));
      plainRequests.push(...(await plain.requests([plainToken])));
    }
    const known = newTokens(1);
    const [first, ...again] = await guarded.requests(Array.from({ length: REQUESTS }, () => known).flat());
    const addedMs = median(times(requests.slice(FIRST_FAILURES))) - median(times(plainRequests));
    measured.push({
      Redis: name,
      'first requests (ms)': times(requests.slice(0, FIRST_FAILURES)).map(rounded).join(', '),
      'added at the median (ms)': rounded(addedMs),
      'slowest after those (ms)': rounded(Math.max(...times(requests.slice(FIRST_FAILURES)))),
      'with a known token (ms)': rounded(median(times(again))),
    });
    expect([...requests, first, ...again].map((request) => request?.status)).toEqual(Array(2 * REQUESTS).fill(200));
    expect(addedMs).toBeLessThanOrEqual(ADDED_MS);
  }

  /** With Redis back, the app shares again. */
  async function expectToRecover(guarded: GuardedAppProcess): Promise<void> {
    await untilTrue(async () => {
      await guarded.wait(BREAK_MS);
      await guarded.requests(newTokens(1));
      return (await guarded.troubles()).informed.length > 0;
    });
  }

  /** One line when it starts, one when it ends, and nothing else. */
  async function expectOneLineEach(guarded: GuardedAppProcess): Promise<void> {
    const { warned, informed, failed, dump, warnings, rejections } = await guarded.troubles();
    expect({ warned, informed, failed, warnings, rejections, printed: guarded.printed }).toEqual({
      warned: [expect.stringContaining('The token store failed')],
      informed: ['The token store works again.'],
      failed: [],
      warnings: [],
      rejections: [],
      printed: '',
    });
    expect(dump).not.toContain(PASSWORD);
  }

  async function expectToEnd(guarded: GuardedAppProcess, withinMs = 4_000): Promise<void> {
    const { endedMs } = await guarded.close();
    expect(endedMs).toBeLessThan(withinMs);
    expect(guarded.printed).toBe('');
  }

  describe.each(scenarios)('$name', ({ name, trouble, mend }) => {
    it('continues without it, and shares again when it is back', async () => {
      const guarded = await start();
      expect((await guarded.requests(newTokens(3))).map(({ status }) => status)).toEqual([200, 200, 200]);
      await trouble({ server, other, client, proxy });
      await expectToGoOn(guarded, name);
      await mend({ server, other, client, proxy });
      await expectToRecover(guarded);
      await expectOneLineEach(guarded);
      await expectToEnd(guarded);
    });

    it('from the start, still starts, and can stop meanwhile', async () => {
      await trouble({ server, other, client, proxy });
      const undisturbed = await start({});
      const guarded = await start();
      const addedMs = guarded.startedMs - undisturbed.startedMs;
      measured.push({ Redis: `${name}, from the start`, 'added to the start (ms)': rounded(addedMs) });
      expect(addedMs).toBeLessThan(MORE_TO_START_MS + 1_000);
      expect((await guarded.requests(newTokens(5))).map(({ status }) => status)).toEqual(Array(5).fill(200));
      await expectToEnd(guarded);
      await mend({ server, other, client, proxy });
    });
  });

  it('restarted empty continues, and shares again', async () => {
    const guarded = await start();
    const tokens = newTokens(3);
    await guarded.requests(tokens);
    await server.kill();
    await server.startAgain();
    const requests = await guarded.requests([...tokens, ...newTokens(REQUESTS)]);
    expect(requests.map(({ status }) => status)).toEqual(Array(REQUESTS + 3).fill(200));
    await untilTrue(async () => {
      await guarded.requests(newTokens(1));
      return (await (await server.client()).dbSize()) > 0;
    });
    const { warnings, rejections } = await guarded.troubles();
    expect([...warnings, ...rejections, guarded.printed]).toEqual(['']);
    await expectToEnd(guarded);
  });

  describe.each(KINDS)('given by users as %s', (kind) => {
    it('is shared, followed, lost and found without a warning, and left open at the end', async () => {
      const [one, two] = await Promise.all([start({ redis: url, kind }), start({ redis: url, kind })]);
      const readers = 2;
      const [token = ''] = newTokens(1);
      wix.resetLog();
      const requests = [...(await one.requests([token])), ...(await two.requests([token]))];
      expect(requests.map(({ status }) => status)).toEqual([200, 200]);
      expect(wix.count('/oauth2/token-info')).toBe(1);
      await untilTrue(async () => (await blockedReaders()) === readers);

      await server.kill();
      for (let round = 0; round < ROUNDS; round += 1) {
        await one.wait(BREAK_MS);
        await one.requests(newTokens(1));
      }
      await server.startAgain();
      client = await server.client();
      await expectToRecover(one);
      await expectOneLineEach(one);
      await untilTrue(async () => (await blockedReaders()) === readers);
      await Promise.all([expectToEnd(one), expectToEnd(two)]);
    });
  });

  const blockedReaders = async (): Promise<number> =>
    (await client.sendCommand<string>(['CLIENT', 'LIST'])).split('\n').filter((line) => line.includes('cmd=xread'))
      .length;
});
