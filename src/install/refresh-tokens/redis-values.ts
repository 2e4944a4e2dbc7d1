import type { RedisAdapter } from '../../redis/redis-adapter.js';
import { READABLE, type RedisClient } from '../../redis/redis-client.js';
import { RedisConnection } from '../../redis/redis-connection.js';

// What is longer was not written by this module. It is no refresh token, and "there is none" would be wrong as well.
const READ = `
if not (${READABLE}) then return redis.error_reply('ERR too long') end
return redis.call('GET', KEYS[1])`;

// An empty expectation stands for "there is none": no value is ever empty.
const REPLACE = `
local present = redis.call('GET', KEYS[1]) or ''
if present ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1`;

/** Values in Redis, replaced atomically. Fails at once while Redis cannot be reached. */
export class RedisValues {
  readonly #connection: RedisConnection;

  constructor(adapter: RedisAdapter) {
    this.#connection = new RedisConnection(adapter, undefined);
  }

  async get(key: string): Promise<string | undefined> {
    const client = await this.#client();
    const value = await client.eval(READ, { keys: [key], arguments: [] });
    return typeof value === 'string' ? value : undefined;
  }

  async replace(key: string, expected: string | undefined, value: string): Promise<boolean> {
    const client = await this.#client();
    return (await client.eval(REPLACE, { keys: [key], arguments: [expected ?? '', value] })) === 1;
  }

  /** What the server says of itself. */
  async info(section: string): Promise<string> {
    return String(await (await this.#client()).info(section));
  }

  // The first use connects.
  async #client(): Promise<RedisClient> {
    await this.#connection.open();
    return this.#connection.client();
  }
}
