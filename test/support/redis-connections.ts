import KeyvRedis from '@keyv/redis';

import { redisAdapterOf } from '../../src/redis/redis-adapter.js';
import { RedisConnection } from '../../src/redis/redis-connection.js';

/** Connections to Redis as the module has them, closed all at once. */
export class RedisConnections {
  readonly #adapters: KeyvRedis<string>[] = [];

  /** One more, open. */
  async open(url: string): Promise<RedisConnection> {
    const adapter = new KeyvRedis<string>(url);
    // The parts that meet an outage report it.
    adapter.on('error', () => undefined);
    const redis = redisAdapterOf(adapter);
    if (redis === undefined) throw new Error('An adapter of Redis is one.');
    this.#adapters.push(adapter);
    const connection = new RedisConnection(redis, undefined);
    await connection.open();
    return connection;
  }

  async close(): Promise<void> {
    await Promise.all(this.#adapters.splice(0).map((adapter) => adapter.disconnect(true)));
  }
}
