import { LRUCache } from 'lru-cache';

const COMMON_LIMIT = 10_000;

/** The options of a cache. */
export interface BoundedCacheOptions<Key, Value> {
  /**
   * The largest number of entries.
   *
   * @default 10_000
   */
  readonly max?: number;
  /** Called with what leaves the cache, and why. */
  readonly dispose?: LRUCache.Disposer<Key, Value>;
}

/** A map with a limit: it drops the least recently used entries, so that callers cannot fill the memory. */
export class BoundedCache<Key extends string, Value extends object | string | number | boolean> extends LRUCache<
  Key,
  Value
> {
  constructor(options: BoundedCacheOptions<Key, Value> = {}) {
    super({ max: COMMON_LIMIT, ...options });
  }
}
