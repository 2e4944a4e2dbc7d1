import { COPY, thisCopy } from '../core/marks.js';

/**
 * Stores tokens between requests and shares them between processes: a plain key-value store.
 *
 * Keys are HMACs and values are encrypted before they come here, so a store sees neither tokens nor ids. It may
 * forget anything at any time; when it fails or is slow, requests go on without it. Provide your own to replace the
 * default on `@nestjs/cache-manager`.
 */
export abstract class TokenStore {
  /** @internal */
  static readonly [COPY] = thisCopy;

  /**
   * Whether other processes see the values of this store. Verifications and grants are put into the store only then.
   *
   * @default true
   */
  readonly isShared: boolean = true;

  /** The value stored under a key, or `undefined`. */
  abstract get(key: string): Promise<string | undefined>;

  /** Keeps a value for at most `ttlMs` milliseconds, replacing any other under that key. */
  abstract set(key: string, value: string, ttlMs: number): Promise<void>;

  /** Forgets a key; unknown keys are no error. */
  abstract delete(key: string): Promise<void>;

  /**
   * The sole right, for at most so many milliseconds, to obtain what belongs under a key; `undefined` while another
   * else has it, unless it is to be taken over from them. Unless a store overrides this, all get it, so that processes
   * share what one of them obtained, but may obtain it at the same time.
   */
  lease(...[key]: [key: string, ttlMs: number, takeOver?: boolean]): Promise<StoreLease | undefined> {
    return Promise.resolve({
      set: async (value, valueTtlMs) => {
        await this.set(key, value, valueTtlMs);
        return true;
      },
      release: () => Promise.resolve(),
    });
  }

  /**
   * The value stored under a key, or else the right to obtain it. Stores that can do both in one trip override this.
   *
   * @param useless a value that will not do: it counts as none.
   */
  async getOrLease(key: string, leaseMs: number, useless?: string): Promise<FoundOrLeased> {
    const value = await this.#useful(key, useless);
    if (value !== undefined) return { value };
    const lease = await this.lease(key, leaseMs);
    if (lease === undefined) return { lease: 'held' };
    // The previous holder of the right may have written in between.
    const written = await this.#useful(key, useless);
    if (written === undefined) return { lease };
    await lease.release();
    return { value: written };
  }

  async #useful(key: string, useless: string | undefined): Promise<string | undefined> {
    const value: unknown = await this.get(key);
    return typeof value === 'string' && value !== useless ? value : undefined;
  }
}

/** What {@link TokenStore.getOrLease} found: a value, or the right to obtain it, which another process may hold. */
export type FoundOrLeased = FoundValue | FoundLease;

/** A value that is stored. */
export interface FoundValue {
  /** The value, as it was given to {@link TokenStore.set}. */
  readonly value: string;
}

/** The right to obtain a value that is not stored. */
export interface FoundLease {
  /** The lease, or `'held'` while another process has it. */
  readonly lease: StoreLease | 'held';
}

/** The right to obtain what belongs under a key of a {@link TokenStore}. */
export interface StoreLease {
  /** Keeps the value if the right has not been lost meanwhile, and tells whether it had not. */
  set(value: string, ttlMs: number): Promise<boolean>;

  /** The same, and releases the lease, in one round trip. @default `set()`, then `release()` */
  setAndRelease?(value: string, ttlMs: number): Promise<boolean>;

  /** Gives the right back; without effect when it has been lost. */
  release(): Promise<void>;
}
