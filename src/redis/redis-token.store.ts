import { randomUUID } from 'node:crypto';

import { TokenStore, type StoreLease } from '../store/token-store.js';
import type { RedisConnection } from './redis-connection.js';

// Scripts from the first step on: where they are refused nobody may hold a lease he could not give back.
const TAKE_OVER = `
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

const TAKE_IF_FREE = `
if redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2], 'NX') then return 1 end
return 0`;

// The lease is its holder's as long as its own text stands in it.
const SET_IF_HELD = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return 1`;

const RELEASE_IF_HELD = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

/** Keeps tokens in the Redis behind a Keyv, and lets one process at a time obtain a new one. */
export class RedisTokenStore extends TokenStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    super();
    this.#redis = redis;
  }

  override async get(key: string): Promise<string | undefined> {
    const value = await this.#redis.client().get(this.#redis.keyOf(key));
    return typeof value === 'string' ? value : undefined;
  }

  override async set(key: string, value: string, ttlMs: number): Promise<void> {
    await this.#redis.client().set(this.#redis.keyOf(key), value, { PX: ttlMs });
  }

  override async delete(key: string): Promise<void> {
    await this.#redis.client().del(this.#redis.keyOf(key));
  }

  override async lease(key: string, ttlMs: number, takeOver = false): Promise<StoreLease | undefined> {
    const fence = randomUUID();
    const options = { keys: [this.#leaseKeyOf(key)], arguments: [fence, String(ttlMs)] };
    const isTaken = await this.#redis.client().eval(takeOver ? TAKE_OVER : TAKE_IF_FREE, options);
    return isTaken === 1 ? this.#leaseWith(key, fence) : undefined;
  }

  #leaseWith(key: string, fence: string): StoreLease {
    const lease = this.#leaseKeyOf(key);
    return {
      set: async (value, ttlMs) => {
        const keys = [lease, this.#redis.keyOf(key)];
        const done = await this.#redis.client().eval(SET_IF_HELD, { keys, arguments: [fence, value, String(ttlMs)] });
        return done === 1;
      },
      release: async () => {
        await this.#redis.client().eval(RELEASE_IF_HELD, { keys: [lease], arguments: [fence] });
      },
    };
  }

  #leaseKeyOf(key: string): string {
    return this.#redis.keyOf(key, ':lease');
  }
}
