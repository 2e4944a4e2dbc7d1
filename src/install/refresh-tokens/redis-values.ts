/** What is used of the client of node-redis. */
export interface RedisLike {
  /** Runs a script. */
  eval(script: string, options: { readonly keys: string[]; readonly arguments: string[] }): Promise<unknown>;
}

/** What `@keyv/redis` is: an adapter that hands out its connected client. */
interface RedisAdapter {
  getClient(): Promise<RedisLike>;
}

const READ = "return redis.call('GET', KEYS[1])";

// An empty expectation stands for "there is none": no value is ever empty.
const REPLACE = `
local present = redis.call('GET', KEYS[1]) or ''
if present ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1`;

/** Values in Redis, replaced atomically. */
export class RedisValues {
  readonly #adapter: RedisAdapter;

  constructor(adapter: RedisAdapter) {
    this.#adapter = adapter;
  }

  async get(key: string): Promise<string | undefined> {
    const client = await this.#adapter.getClient();
    const value = await client.eval(READ, { keys: [key], arguments: [] });
    return typeof value === 'string' ? value : undefined;
  }

  async replace(key: string, expected: string | undefined, value: string): Promise<boolean> {
    const client = await this.#adapter.getClient();
    return (await client.eval(REPLACE, { keys: [key], arguments: [expected ?? '', value] })) === 1;
  }
}

/** Whether what is behind a Keyv is `@keyv/redis`. */
export const isRedisAdapter = (store: unknown): store is RedisAdapter =>
  typeof store === 'object' && store !== null && 'getClient' in store && typeof store.getClient === 'function';
