import type { Cache } from '@nestjs/cache-manager';

import { TokenStore } from './token-store.js';

/** Keeps tokens in the stores of `@nestjs/cache-manager`: in memory by default, in Redis or others by option. */
export class CacheManagerTokenStore extends TokenStore {
  override readonly isShared: boolean;
  readonly #cache: Cache;

  /** @param isShared whether the cache is more than this process's memory. */
  constructor(cache: Cache, isShared = true) {
    super();
    this.#cache = cache;
    this.isShared = isShared;
  }

  override async get(key: string): Promise<string | undefined> {
    const value = await this.#cache.get<unknown>(key);
    return typeof value === 'string' ? value : undefined;
  }

  override async set(key: string, value: string, ttlMs: number): Promise<void> {
    await this.#cache.set(key, value, ttlMs);
  }

  override async delete(key: string): Promise<void> {
    await this.#cache.del(key);
  }
}
