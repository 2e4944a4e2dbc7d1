import { jest } from '@jest/globals';

import { AuthEvents } from '../../../src/core/auth-events.js';
import { RedisBehindCache } from '../../../src/redis/redis-behind-cache.js';
import { turns } from '../../support/deferred.js';
import { keyvRedis as redisAdapter, redisClient } from '../../support/redis-adapter-double.js';

const never = (): Promise<never> => new Promise(() => undefined);

describe('RedisBehindCache', () => {
  const behind = (...stores: readonly unknown[]): RedisBehindCache =>
    new RedisBehindCache({ stores: stores.map((store) => ({ store, on: jest.fn() })) });
  /** Closes what Nest closes, and tells how. */
  const disconnected = async (adapter: { disconnect(): Promise<unknown> }): Promise<void> => {
    behind(adapter);
    await adapter.disconnect();
  };

  it('is none where entries are kept otherwise', () => {
    expect(behind(new Map(), undefined, null, 'text', {}).connection).toBeUndefined();
    expect(behind().connection).toBeUndefined();
  });

  it('is found behind other stores too', () => {
    expect(behind(new Map(), redisAdapter(redisClient())).connection).toBeDefined();
  });

  it('listens to errors, which Keyv would print', () => {
    const on = jest.fn();
    new RedisBehindCache({ stores: [{ store: redisAdapter(redisClient()), on }] });

    expect(on).toHaveBeenCalledWith('error', expect.any(Function));
  });

  it('lets an app start whose Redis does not answer', async () => {
    jest.useFakeTimers();
    const started = behind(redisAdapter(redisClient({ isOpen: false, connect: never }))).onModuleInit();
    await jest.advanceTimersByTimeAsync(1_000);
    jest.useRealTimers();

    await expect(started).resolves.toBeUndefined();
  });

  it('waits for the last answers when the app closes', async () => {
    const client = redisClient();
    const adapter = redisAdapter(client);
    const { disconnect } = adapter;
    await disconnected(adapter);

    expect(disconnect).toHaveBeenCalledTimes(1);
    expect(client.destroy).not.toHaveBeenCalled();
  });

  it('asks for a key that its user may see, in the namespace', async () => {
    const adapter = redisAdapter();
    new RedisBehindCache({ stores: [{ store: adapter, namespace: 'app', on: jest.fn() }] });
    await adapter.disconnect();

    expect(adapter.client.sendCommand).toHaveBeenCalledWith(
      expect.arrayContaining(['app::{wix-auth:closing}']),
      expect.anything(),
    );
  });

  it.each([
    ['does not answer', { sendCommand: never }],
    ['fails', { sendCommand: () => Promise.reject(new Error('closed')) }],
  ])('waits for nothing when Redis %s', async (_how, changes) => {
    const client = redisClient(changes);
    const adapter = redisAdapter(client);
    const { disconnect } = adapter;
    await disconnected(adapter);

    expect(disconnect).not.toHaveBeenCalled();
    expect(client.destroy).toHaveBeenCalledTimes(1);
    expect(client.unref).toHaveBeenCalledTimes(1);
  });

  it('has nothing to end where there is no connection', async () => {
    const client = redisClient({ isOpen: false, sendCommand: () => Promise.reject(new Error('closed')) });
    await disconnected(redisAdapter(client));

    expect(client.destroy).not.toHaveBeenCalled();
  });

  describe('at start-up', () => {
    const told = async (client: ReturnType<typeof redisClient>): Promise<readonly unknown[]> => {
      const events = new AuthEvents();
      const heard: unknown[] = [];
      events.on('redisUnreachable', (event) => heard.push(event));
      events.on('redisSetting', (event) => heard.push(event));
      const stores = [{ store: redisAdapter(client), on: jest.fn() }];
      await new RedisBehindCache({ stores }, events).onModuleInit();
      await turns();
      return heard;
    };

    it('says why Redis cannot be reached', async () => {
      const connect = () => Promise.reject(new Error('NOAUTH Authentication required.'));
      expect(await told(redisClient({ isOpen: false, connect }))).toEqual([{ reason: 'NOAUTH' }]);
    });

    it('warns of a Redis that evicts, and of no other', async () => {
      const withPolicy = (policy: string) =>
        redisClient({ sendCommand: () => Promise.resolve(`maxmemory:0\r\nmaxmemory_policy:${policy}\r\n`) });
      expect(await told(withPolicy('allkeys-lru'))).toEqual([{ setting: 'maxmemory-policy', value: 'allkeys-lru' }]);
      expect(await told(withPolicy('noeviction'))).toEqual([]);
    });

    it('says nothing where it may not ask', async () => {
      expect(await told(redisClient({ sendCommand: () => Promise.reject(new Error('NOPERM')) }))).toEqual([]);
    });
  });
});
