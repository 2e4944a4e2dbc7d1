import { randomUUID } from 'node:crypto';

import { TokenStore, type FoundOrLeased, type StoreLease } from '../store/token-store.js';
import { READABLE } from './redis-client.js';
import type { RedisConnection } from './redis-connection.js';

// Scripts from the first step on: where they are refused, no process may hold a lease that it cannot give back.
const TAKE_OVER = `
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

const TAKE_IF_FREE = `
if redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2], 'NX') then return 1 end
return 0`;

// A server that is full or a replica can still be read: then the right cannot be had, which is an error of its own.
const GET_OR_TAKE = `
local value = redis.call('EXISTS', KEYS[1]) == 1 and ${READABLE} and redis.call('GET', KEYS[1])
if value and value ~= ARGV[3] then return {value} end
local taken = redis.pcall('SET', KEYS[2], ARGV[1], 'PX', ARGV[2], 'NX')
if type(taken) == 'table' and taken.err then return taken end
return taken and 1 or 0`;

// The lease is its holder's as long as its own text stands in it.
const SET_IF_HELD = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return 1`;

const SET_AND_RELEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
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
    return this.#redis.client().get(this.#redis.keyOf(key));
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

  override async getOrLease(key: string, leaseMs: number, useless = ''): Promise<FoundOrLeased> {
    const fence = randomUUID();
    const options = {
      keys: [this.#redis.keyOf(key), this.#leaseKeyOf(key)],
      arguments: [fence, String(leaseMs), useless],
    };
    const found = await this.#redis.client().eval(GET_OR_TAKE, options);
    if (Array.isArray(found) && typeof found[0] === 'string') return { value: found[0] };
    return { lease: found === 1 ? this.#leaseWith(key, fence) : 'held' };
  }

  #leaseWith(key: string, fence: string): StoreLease {
    const lease = this.#leaseKeyOf(key);
    const keys = [lease, this.#redis.keyOf(key)];
    const setBy = async (script: string, value: string, ttlMs: number): Promise<boolean> =>
      (await this.#redis.client().eval(script, { keys, arguments: [fence, value, String(ttlMs)] })) === 1;
    return {
      set: (value, ttlMs) => setBy(SET_IF_HELD, value, ttlMs),
      setAndRelease: (value, ttlMs) => setBy(SET_AND_RELEASE, value, ttlMs),
      release: async () => {
        await this.#redis.client().eval(RELEASE_IF_HELD, { keys: [lease], arguments: [fence] });
      },
    };
  }

  #leaseKeyOf(key: string): string {
    return this.#redis.keyOf(key, ':lease');
  }
}
