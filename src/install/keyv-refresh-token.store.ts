import { setTimeout as pause } from 'node:timers/promises';

import { WixMisconfiguredError } from '../core/wix-auth.errors.js';
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
 * Keyv cannot replace a value atomically: this writes, waits 50 ms and looks whether its value is the one that stayed.
 * A store whose writes may take longer needs a {@link RefreshTokenStore} of its own.
 */
export class KeyvRefreshTokenStore extends RefreshTokenStore {
  override readonly forgetsOnRestart: boolean;
  readonly #keyv: KeyvLike;
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
    this.forgetsOnRestart = keyv.store instanceof Map;
    keyv.on('error', () => {
      this.#failures += 1;
    });
  }

  override get(key: string): Promise<string | undefined> {
    return this.#watched(async () => {
      const value = await this.#keyv.get(key);
      return typeof value === 'string' ? value : undefined;
    });
  }

  override async replace(key: string, expected: string | undefined, value: string): Promise<boolean> {
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
