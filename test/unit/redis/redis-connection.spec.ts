import { RedisAway, RedisConnection } from '../../../src/redis/redis-connection.js';
import { codeOf } from '../../support/code-of.js';
import { redisAdapter, redisClient } from '../../support/redis-adapter-double.js';

const connectionTo = (client = redisClient(), namespace?: string): RedisConnection =>
  new RedisConnection(redisAdapter(client), namespace);

describe('RedisConnection', () => {
  it('returns a client that can send at once, or one with an unknown state', () => {
    const ready = redisClient();
    const cluster = redisClient({ isReady: undefined });

    expect(connectionTo(ready).client().isReady).toBe(true);
    expect(connectionTo(cluster).client().isReady).toBeUndefined();
  });

  it('fails at once while the client is connecting, and does not connect again', () => {
    const connecting = redisClient({ isReady: false });

    expect(() => connectionTo(connecting).client()).toThrow(RedisAway);
    expect(connecting.connect).not.toHaveBeenCalled();
  });

  it('fails at once when it is not connecting, and starts one connection', async () => {
    const closed = redisClient({ isOpen: false, isReady: false });
    const connection = connectionTo(closed);
    for (let use = 0; use < 3; use += 1) expect(() => connection.client()).toThrow(RedisAway);
    expect(closed.connect).toHaveBeenCalledTimes(1);
    await connection.open();
    await connection.open();

    expect(closed.connect).toHaveBeenCalledTimes(2);
  });

  it('never rejects when it cannot connect', async () => {
    const refused = redisClient({ isOpen: false, connect: () => Promise.reject(new Error('refused')) });

    await expect(connectionTo(refused).open()).resolves.toBeUndefined();
  });

  it('reports why the connection last failed, without the address', async () => {
    const error = Object.assign(new Error('connect ECONNREFUSED redis.internal:6379'), { code: 'ECONNREFUSED' });
    const connection = connectionTo(redisClient({ isOpen: false, connect: () => Promise.reject(error) }));
    await connection.open();

    expect(await codeOf(() => connection.client())).toBe('ECONNREFUSED');
    expect(() => connection.client()).not.toThrow(/internal/);
  });

  it('does not connect after it is closed', async () => {
    const closed = redisClient({ isOpen: false });
    const connection = connectionTo(closed);
    connection.close();
    await connection.open();

    expect(() => connection.client()).toThrow(RedisAway);
    expect(closed.connect).not.toHaveBeenCalled();
  });

  it('names entries so that those that belong together share a slot of a cluster', () => {
    expect(connectionTo().keyOf('entry')).toBe('{entry}');
    expect(connectionTo(redisClient(), 'ns').keyOf('entry', ':lease')).toBe('ns::{entry}:lease');
  });
});
