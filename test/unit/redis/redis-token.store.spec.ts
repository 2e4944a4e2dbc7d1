import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { RedisConnection } from '../../../src/redis/redis-connection.js';
import { RedisTokenStore } from '../../../src/redis/redis-token.store.js';
import { SealedStore } from '../../../src/store/sealed-store.js';
import { SharedValues, type SharedWork } from '../../../src/store/shared-values.js';
import { API_URL, app, INSTANCE_TEXT } from '../../support/app.js';
import { StoreCircuit } from '../../../src/store/store-circuit.js';
import { deferred, turns } from '../../support/deferred.js';
import { loggedEvents } from '../../support/logged-events.js';
import { FakeClock } from '../../support/fake-clock.js';
import { redisAdapter, redisClient } from '../../support/redis-adapter-double.js';
import { RedisConnections } from '../../support/redis-connections.js';
import { RedisServer, type RawRedisClient } from '../../support/redis-server.js';

const REQUEST_TIMEOUT_MS = 60_000;

describe('RedisTokenStore where scripts are refused', () => {
  const warnings = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
  const connections = new RedisConnections();
  const clock = new FakeClock();
  let redis: RedisServer;

  const work = (name: string): SharedWork<string> => ({
    name,
    instanceId: undefined,
    accept: (entry) => (typeof entry === 'string' ? entry : undefined),
    obtain: () => Promise.resolve('value'),
    entryOf: (entry) => ({ entry, untilMs: clock.nowMs() + 60_000 }),
    isStillValid: () => true,
  });
  const values = async (): Promise<SharedValues> => {
    const store = new SealedStore(
      new RedisTokenStore(await connections.open(redis.url)),
      app(),
      API_URL,
      clock,
      new StoreCircuit(loggedEvents()),
    );
    return new SharedValues('kind', store, clock, REQUEST_TIMEOUT_MS);
  };

  beforeAll(async () => {
    redis = await RedisServer.start(['--rename-command', 'EVAL', '']);
  });

  afterAll(async () => {
    warnings.mockRestore();
    await connections.close();
    await redis.stop();
  });

  it('shares values without leases, says so once, and makes no process wait for one', async () => {
    const one = await values();
    for (const name of ['a', 'b', 'c', 'd']) await one.obtain(work(name));
    const other = await values();

    await expect(other.find(work('d'))).resolves.toBe('value');
    await expect(other.obtain(work('e'))).resolves.toBe('value');
    expect(warnings).toHaveBeenCalledTimes(1);
  });
});

describe('RedisTokenStore', () => {
  const connections = new RedisConnections();
  const clock = new FakeClock();
  let redis: RedisServer;
  let client: RawRedisClient;

  beforeAll(async () => {
    redis = await RedisServer.start();
    client = await redis.client();
  });
  beforeEach(() => client.flushAll());
  afterAll(async () => {
    await connections.close();
    await redis.stop();
  });

  it('does not read a value that is longer than any of its own', async () => {
    const store = new RedisTokenStore(await connections.open(redis.url));
    await store.set('huge', 'x'.repeat(262_145), 60_000);
    await store.set('large', 'x'.repeat(262_144), 60_000);

    expect(await store.get('huge')).toBeUndefined();
    expect(await store.getOrLease('huge', 1_000)).toHaveProperty('lease');
    expect(await store.get('large')).toHaveLength(262_144);
  });

  it('has deleted a value only when Redis has, and fails when Redis fails', async () => {
    const deletion = deferred<number>();
    deletion.promise.catch(() => undefined);
    const adapter = redisAdapter(redisClient({ sendCommand: () => deletion.promise }));
    let isOver = false;
    const deleting = new RedisTokenStore(new RedisConnection(adapter, undefined))
      .delete('key')
      .finally(() => (isOver = true));
    deleting.catch(() => undefined);
    await turns();
    expect(isOver).toBe(false);
    deletion.reject(new Error('away'));

    await expect(deleting).rejects.toThrow('away');
  });

  it('does not return a forgotten value when a backup of Redis is restored', async () => {
    const values = async (): Promise<SharedValues> =>
      new SharedValues(
        'kind',
        new SealedStore(new RedisTokenStore(await connections.open(redis.url)), app(), API_URL, clock),
        clock,
        REQUEST_TIMEOUT_MS,
      );
    let count = 0;
    const work: SharedWork<string> = {
      name: 'name',
      instanceId: INSTANCE_TEXT,
      accept: (entry) => (typeof entry === 'string' ? entry : undefined),
      obtain: () => Promise.resolve(`value ${String((count += 1))}`),
      entryOf: (entry) => ({ entry, untilMs: clock.nowMs() + 60_000 }),
      isStillValid: () => true,
    };
    const [one, other] = [await values(), await values()];
    await one.forget(INSTANCE_TEXT);
    expect([await one.obtain(work), await other.obtain(work)]).toEqual(['value 1', 'value 1']);
    const keys = await client.keys('*');
    const backup = await Promise.all(keys.map(async (key) => [key, await client.get(key)] as const));

    await one.forget(INSTANCE_TEXT);
    for (const [key, value] of backup) if (value !== null) await client.set(key, value);
    expect(await one.obtain(work)).toBe('value 2');
    // Marked anew by the process that noticed: the others are not misled any longer.
    expect(await other.find(work)).toBeUndefined();
    expect(await other.obtain(work)).not.toBe('value 1');
  });
});
