/**
 * Where tokens are kept between requests, and shared between processes: a plain key-value store.
 *
 * Keys are HMACs and values are encrypted before they come here, so a store sees neither tokens nor ids. It may
 * forget anything at any time; when it fails or is slow, requests go on without it. Provide your own to replace the
 * default on `@nestjs/cache-manager`.
 */
export abstract class TokenStore {
  /** The value kept under a key, or `undefined`. */
  abstract get(key: string): Promise<string | undefined>;

  /** Keeps a value for at most `ttlMs` milliseconds, replacing any other under that key. */
  abstract set(key: string, value: string, ttlMs: number): Promise<void>;

  /** Forgets a key; unknown keys are no error. */
  abstract delete(key: string): Promise<void>;
}
