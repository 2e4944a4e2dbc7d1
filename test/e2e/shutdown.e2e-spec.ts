import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';

import { compileInto } from '../support/compiled.js';
import { deferred } from '../support/deferred.js';
import { MANAGE_PRODUCTS } from '../support/emulated-site.js';
import { RedisClusterServers } from '../support/redis-cluster.js';
import { RedisServer } from '../support/redis-server.js';
import { untilTrue } from '../support/until-true.js';
import type { ReplicaSetup } from './shutdown/orders.js';
import { ReplicaProcess } from './shutdown/replica-process.js';

const WEBHOOKS = 40;
const PRODUCTS = '/stores/v3/products';
// Of handlers that never end.
const SHORT_MS = 300;
// What the README promises beyond the option.
const TO_CLOSE_MS = 2_000;
const FOR_THE_MACHINE_MS = 8_000;

describe('A replica that gets SIGTERM', () => {
  const home = mkdtempSync(join(tmpdir(), 'shutdown-'));
  const main = join(home, 'test/e2e/shutdown/replica.js');
  const replicas: ReplicaProcess[] = [];
  let files = 0;
  let finishedPath = '';
  let wix: WixEmulator;
  let app: EmulatedApp;
  let install: EmulatedInstall;
  let redis: RedisServer;

  const start = async (changes: Partial<ReplicaSetup> = {}): Promise<ReplicaProcess> => {
    const { appId, appSecret, publicKey } = app;
    const setup = { apiUrl: wix.url, appId, appSecret, publicKey, redis: redis.url, mode: 'certain', finishedPath };
    const replica = await ReplicaProcess.start(main, { ...setup, ...changes } as ReplicaSetup);
    replicas.push(replica);
    return replica;
  };
  const finished = (): readonly string[] =>
    existsSync(finishedPath) ? readFileSync(finishedPath, 'utf8').split('\n').filter(Boolean) : [];
  let events = 0;
  const newBodies = (count: number): readonly string[] =>
    Array.from({ length: count }, () => {
      events += 1;
      const data = {
        id: `event-${String(events)}`,
        entityFqdn: 'thing',
        slug: 'created',
        createdEvent: { entity: {} },
      };
      return wix.send.webhookBody(install, { type: 'thing_created', data });
    });
  const deliver = (replica: ReplicaProcess, bodies: readonly string[]): Promise<number[]> =>
    Promise.all(bodies.map((body) => replica.webhook(body)));
  const distinct = (values: readonly number[]): readonly number[] => [...new Set(values)];
  /** Sends webhooks again and again until one is refused, as it is from the moment the replica stops. */
  const untilItStops = async (replica: ReplicaProcess): Promise<readonly number[]> => {
    const answers: number[] = [];
    await untilTrue(async () => {
      answers.push(...(await deliver(replica, newBodies(1))));
      return answers.at(-1) !== 200;
    });
    return answers;
  };

  beforeAll(async () => {
    compileInto(home, ['test/e2e/shutdown', 'test/support/deferred.ts', 'test/support/new-product.ts']);
    [wix, redis] = await Promise.all([WixEmulator.start(), RedisServer.start()]);
    app = wix.addApp();
    install = wix.install(app, wix.addSite(), { grants: [MANAGE_PRODUCTS] });
  });
  beforeEach(() => {
    wix.resetLog();
    files += 1;
    finishedPath = join(home, `finished-${String(files)}.txt`);
  });
  afterEach(async () => {
    redis.thaw();
    wix.clearFaults();
    await Promise.all(replicas.splice(0).map((replica) => replica.kill()));
  });
  afterAll(async () => {
    await wix.stop();
    await redis.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('lets handlers finish, records them, and leaves none for the next replica to repeat', async () => {
    const old = await start();
    const bodies = newBodies(WEBHOOKS);
    // Wix hears after a second that the handlers are not finished.
    expect(distinct(await deliver(old, bodies))).toEqual([503]);
    await untilTrue(() => old.began.length === WEBHOOKS);
    const ended = old.terminate();
    await untilTrue(() => old.isStopping());
    old.finish();
    await ended;
    expect(finished()).toHaveLength(WEBHOOKS);

    const next = await start();
    next.finish();
    expect(distinct(await deliver(next, bodies))).toEqual([200]);
    expect(next.began).toEqual([]);
    expect(finished()).toHaveLength(WEBHOOKS);
  });

  it('finishes in the background what it answered with 200, and answers 503 to later requests', async () => {
    const old = await start({ mode: 'background' });
    const bodies = newBodies(WEBHOOKS);
    expect(distinct(await deliver(old, bodies))).toEqual([200]);
    await untilTrue(() => old.began.length === WEBHOOKS);
    const ended = old.terminate();
    const answers = await untilItStops(old);
    const late = await deliver(old, newBodies(12));
    const accepted = [...answers, ...late].filter((status) => status === 200).length;
    old.finish();
    await ended;
    expect(late.filter((status) => status === 200)).toEqual([]);
    expect(finished()).toHaveLength(WEBHOOKS + accepted);

    const next = await start({ mode: 'background' });
    next.finish();
    expect(distinct(await deliver(next, bodies))).toEqual([200]);
    expect(next.began).toEqual([]);
    expect(new Set(finished()).size).toBe(finished().length);
  });

  it.each([
    ['', false],
    [' while its Redis hangs', true],
  ])('lets a call to Wix in progress finish%s', async (_, redisHangs) => {
    const old = await start();
    const answer = deferred<undefined>();
    wix.fail(PRODUCTS, { until: answer.promise, times: 1 });
    const created = old.post(`/products/${install.instanceId}`);
    await wix.waitFor(PRODUCTS);
    if (redisHangs) redis.freeze();
    const ended = old.terminate();
    await untilTrue(() => old.isStopping());
    answer.resolve(undefined);

    expect(await created).toBe(201);
    redis.thaw();
    await ended;
  });

  it.each(['certain', 'background'] as const)(
    'names the handlers that do not end, and releases their claims (%s)',
    async (mode) => {
      const old = await start({ mode, shutdownTimeoutMs: SHORT_MS });
      const [body = ''] = newBodies(1);
      await old.webhook(body);
      await untilTrue(() => old.began.length === 1);
      expect(await old.terminate()).toBeLessThan(SHORT_MS + TO_CLOSE_MS + FOR_THE_MACHINE_MS);
      expect(
        old.printed.split('\n').filter((line) => line.includes('SlowHandlers.take on thing_created')),
      ).toHaveLength(1);
      expect(finished()).toEqual([]);

      const next = await start();
      next.finish();
      expect(await next.webhook(body)).toBe(200);
      expect(finished()).toHaveLength(1);
    },
  );

  it.each([
    ['hangs', true],
    ['is gone', false],
  ])('ends in time when its Redis %s', async (_, hangs) => {
    const old = await start({ shutdownTimeoutMs: SHORT_MS });
    await old.webhook(newBodies(1)[0] ?? '');
    if (hangs) redis.freeze();
    else await redis.kill();
    expect(await old.terminate()).toBeLessThan(SHORT_MS + TO_CLOSE_MS + FOR_THE_MACHINE_MS);
    if (!hangs) await redis.startAgain();
  });

  it.each([
    ['was lost', (servers: RedisClusterServers) => servers.masters[1]?.kill()],
    ['hangs', (servers: RedisClusterServers) => servers.masters[1]?.freeze()],
  ])('ends in time when a master of its cluster %s', async (_, lose) => {
    const servers = await RedisClusterServers.start();
    try {
      const old = await start({ cluster: servers.nodes.map(({ url }) => url), shutdownTimeoutMs: SHORT_MS });
      await Promise.all(newBodies(6).map((body) => old.webhook(body)));
      await Promise.resolve(lose(servers));
      const endedMs = await old.terminate();
      expect(endedMs).toBeLessThan(SHORT_MS + TO_CLOSE_MS + FOR_THE_MACHINE_MS);
    } finally {
      await servers.stop();
    }
  });

  it('cuts off a call to Wix that exceeds its time, and ends', async () => {
    const old = await start({ shutdownTimeoutMs: SHORT_MS });
    const answer = deferred<undefined>();
    wix.fail(PRODUCTS, { until: answer.promise, times: 1 });
    const created = old.post(`/products/${install.instanceId}`);
    await wix.waitFor(PRODUCTS);
    await old.terminate();
    answer.resolve(undefined);

    expect(await created).toBe(503);
    expect(old.printed).toContain('POST /stores/v3/products');
  });
});
