import { pause } from '../../core/concurrency/pause.js';
import { WixMisconfiguredError } from '../../core/wix-auth.errors.js';
import { redisAdapterOf } from '../../redis/redis-adapter.js';
import { RedisValues } from './redis-values.js';
import { RefreshTokenStore } from './refresh-token.store.js';

/** What is used of a `Keyv`. */
export interface KeyvLike {
  /** Where it keeps values; a `Map` by default. */
  readonly store?: unknown;
  /** How long it keeps them. */
  readonly ttl?: number | undefined;
  /** Whether it throws when its store fails. */
  readonly throwOnErrors?: boolean;
  /** Reads a value. */
  get(key: string): Promise<unknown>;
  /** Writes a value; without a time to live it stays. */
  set(key: string, value: string): Promise<unknown>;
  /** Announces failures, which otherwise look like missing values. */
  on(event: 'error', listener: () => void): unknown;
}

// Longer than a write takes to arrive, so that of two processes that write at once both see the last.
const SETTLE_MS = 50;

/**
 * Keeps refresh tokens in a `Keyv` store such as Redis or Postgres, for several processes.
 *
 * With `@keyv/redis` and `@keyv/valkey` values are replaced atomically. Keyv itself cannot do that: with any other store this writes, waits
 * 50 ms and looks whether its value is the one that stayed. Where writes may take longer, as under load, provide a
 * {@link RefreshTokenStore} of your own.
 */
export class KeyvRefreshTokenStore extends RefreshTokenStore {
  override readonly forgetsOnRestart: boolean;
  readonly #keyv: KeyvLike;
  readonly #redis: RedisValues | undefined;
  readonly #writing = new Set<string>();
  #failures = 0;

  /** @throws {@link WixMisconfiguredError} for a Keyv that forgets after a while, or hides that its store fails. */
  constructor(keyv: KeyvLike) {
    super();
    if (keyv.ttl !== undefined) {
      throw new WixMisconfiguredError('The Keyv for refresh tokens must have no ttl: they cannot be obtained again.');
    }
    if (keyv.throwOnErrors !== true) {
      throw new WixMisconfiguredError(
        'The Keyv for refresh tokens must have throwOnErrors: true: else an outage looks as if there were no tokens.',
      );
    }
    this.#keyv = keyv;
    const redis = redisAdapterOf(keyv.store);
    this.#redis = redis && new RedisValues(redis);
    this.forgetsOnRestart = keyv.store instanceof Map;
    keyv.on('error', () => {
      this.#failures += 1;
    });
  }

  /** `appendonly no` for a Redis that keeps no such file. */
  override async risk(): Promise<string | undefined> {
    const info = await this.#redis?.info('persistence');
    return info?.includes('aof_enabled:0') === true ? 'appendonly no' : undefined;
  }

  override get(key: string): Promise<string | undefined> {
    if (this.#redis !== undefined) return this.#redis.get(key);
    return this.#watched(async () => {
      const value = await this.#keyv.get(key);
      return typeof value === 'string' ? value : undefined;
    });
  }

  override async replace(key: string, expected: string | undefined, value: string): Promise<boolean> {
    if (this.#redis !== undefined) return this.#redis.replace(key, expected, value);
    if (this.#writing.has(key)) return false;
    this.#writing.add(key);
    try {
      return await this.#replace(key, expected, value);
    } finally {
      this.#writing.delete(key);
    }
  }

  async #replace(key: string, expected: string | undefined, value: string): Promise<boolean> {
    if ((await this.get(key)) !== expected) return false;
    await this.#watched(() => this.#keyv.set(key, value));
    await pause(SETTLE_MS);
    return (await this.get(key)) === value;
  }

  // Adapters announce that they failed and then answer as if there were nothing.
  async #watched<Value>(work: () => Promise<Value>): Promise<Value> {
    const before = this.#failures;
    const value = await work();
    if (this.#failures === before) return value;
    throw new Error('The store behind the Keyv failed.');
  }
}
