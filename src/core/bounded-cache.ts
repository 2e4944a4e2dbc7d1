import { LRUCache } from 'lru-cache';

const COMMON_LIMIT = 10_000;

/** How a cache differs from the others. */
export interface BoundedCacheOptions<Key, Value> {
  /**
   * How many entries it holds.
   *
   * @default 10_000
   */
  readonly max?: number;
  /** Told of what leaves the cache, and why. */
  readonly dispose?: LRUCache.Disposer<Key, Value>;
}

/** A map that drops what was used least recently beyond a limit, so that callers cannot fill the memory. */
export class BoundedCache<Key extends string, Value extends object | string | number | boolean> extends LRUCache<
  Key,
  Value
> {
  constructor(options: BoundedCacheOptions<Key, Value> = {}) {
    super({ max: COMMON_LIMIT, ...options });
  }
}
