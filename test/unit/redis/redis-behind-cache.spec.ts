import { jest } from '@jest/globals';

import { AuthEvents } from '../../../src/core/auth-events.js';
import { GracefulShutdown } from '../../../src/core/concurrency/graceful-shutdown.js';
import { RedisBehindCache } from '../../../src/redis/redis-behind-cache.js';
import { turns } from '../../support/deferred.js';
import { keyvRedis as redisAdapter, redisClient } from '../../support/redis-adapter-double.js';

const never = (): Promise<never> => new Promise(() => undefined);

describe('RedisBehindCache', () => {
  const behind = (...stores: readonly unknown[]): RedisBehindCache =>
    new RedisBehindCache({ stores: stores.map((store) => ({ store, on: jest.fn() })) }, shutdown);
  /** Closes what Nest closes, in its order. */
  const closed = async (adapter: ReturnType<typeof redisAdapter>): Promise<void> => {
    behind(adapter);
    await adapter.disconnect();
    expect(adapter.client.destroy).not.toHaveBeenCalled();
    await close();
  };
  const close = async (): Promise<void> => {
    shutdown.onModuleDestroy();
    await shutdown.beforeApplicationShutdown();
    await shutdown.onApplicationShutdown();
  };
  let shutdown: GracefulShutdown;

  beforeEach(() => {
    shutdown = new GracefulShutdown(1_000, new AuthEvents());
  });

  it('is undefined where entries are stored elsewhere', () => {
    expect(behind(new Map(), undefined, null, 'text', {}).connection).toBeUndefined();
    expect(behind().connection).toBeUndefined();
  });

  it('is found behind other stores too', () => {
    expect(behind(new Map(), redisAdapter(redisClient())).connection).toBeDefined();
  });

  it('handles errors, which Keyv would print', () => {
    const on = jest.fn();
    new RedisBehindCache({ stores: [{ store: redisAdapter(redisClient()), on }] }, shutdown);

    expect(on).toHaveBeenCalledWith('error', expect.any(Function));
  });

  it('lets an app start when Redis does not answer', async () => {
    jest.useFakeTimers();
    const started = behind(redisAdapter(redisClient({ isOpen: false, connect: never }))).onModuleInit();
    await jest.advanceTimersByTimeAsync(1_000);
    jest.useRealTimers();

    await expect(started).resolves.toBeUndefined();
  });

  it('stays open when Nest disconnects the stores of its cache, and waits for the last responses', async () => {
    const client = redisClient();
    const adapter = redisAdapter(client);
    const { disconnect } = adapter;
    behind(adapter);
    await adapter.disconnect();
    expect(disconnect).not.toHaveBeenCalled();

    await close();
    expect(disconnect).toHaveBeenCalledTimes(1);
    expect(client.destroy).not.toHaveBeenCalled();
  });

  it('stays open until the last registration that uses it has closed', async () => {
    const adapter = redisAdapter(redisClient());
    const { disconnect } = adapter;
    behind(adapter);
    const first = shutdown;
    shutdown = new GracefulShutdown(1_000, new AuthEvents());
    behind(adapter);
    await close();
    expect(disconnect).not.toHaveBeenCalled();

    shutdown = first;
    await close();
    expect(disconnect).toHaveBeenCalledTimes(1);
    await adapter.disconnect();
    expect(disconnect).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['does not answer', jest.fn(never)],
    ['fails', jest.fn((): Promise<never> => Promise.reject(new Error('closed')))],
  ])('waits for nothing when Redis %s', async (_how, disconnect) => {
    const client = redisClient({ unref: jest.fn() });
    await closed({ ...redisAdapter(client), disconnect });

    expect(client.destroy).toHaveBeenCalledTimes(1);
    expect(client.unref).toHaveBeenCalledTimes(1);
  });

  it('ends at once on request', async () => {
    const client = redisClient();
    const adapter = redisAdapter(client);
    behind(adapter);
    await (adapter.disconnect as (force?: boolean) => Promise<unknown>)(true);

    expect(client.destroy).toHaveBeenCalledTimes(1);
  });

  it('has nothing to close where there is no connection', async () => {
    const client = redisClient({ isOpen: false });
    await closed({ ...redisAdapter(client), disconnect: jest.fn(() => Promise.reject(new Error('closed'))) });

    expect(client.destroy).not.toHaveBeenCalled();
  });

  describe('at start-up', () => {
    const told = async (client: ReturnType<typeof redisClient>): Promise<readonly unknown[]> => {
      const events = new AuthEvents();
      const heard: unknown[] = [];
      events.on('redisUnreachable', (event) => heard.push(event));
      events.on('redisSetting', (event) => heard.push(event));
      const stores = [{ store: redisAdapter(client), on: jest.fn() }];
      await new RedisBehindCache({ stores }, new GracefulShutdown(0, events), events).onModuleInit();
      await turns();
      return heard;
    };

    it('says why Redis cannot be reached', async () => {
      const connect = () => Promise.reject(new Error('NOAUTH Authentication required.'));
      expect(await told(redisClient({ isOpen: false, connect }))).toEqual([{ reason: 'NOAUTH' }]);
    });

    it('warns about a Redis that evicts, and only about that', async () => {
      const withPolicy = (policy: string) =>
        redisClient({ sendCommand: () => Promise.resolve(`maxmemory:0\r\nmaxmemory_policy:${policy}\r\n`) });
      expect(await told(withPolicy('allkeys-lru'))).toEqual([{ setting: 'maxmemory-policy', value: 'allkeys-lru' }]);
      expect(await told(withPolicy('noeviction'))).toEqual([]);
    });

    it('says nothing where it lacks permission', async () => {
      expect(await told(redisClient({ sendCommand: () => Promise.reject(new Error('NOPERM')) }))).toEqual([]);
    });
  });
});
