import type { CacheModuleOptions } from '@nestjs/cache-manager';
import { Keyv } from 'keyv';
import { LRUCache } from 'lru-cache';

import type { WixAuthOptions } from './wix-auth.options.js';

const MAX_ENTRIES = 10_000;

/** What `@nestjs/cache-manager` is set up with: the app's stores, or one in memory that cannot grow without bound. */
export function cacheOptionsOf({ cache }: Pick<WixAuthOptions, 'cache'>): CacheModuleOptions {
  return { stores: [inMemory()], ...cache };
}

const inMemory = (): Keyv => new Keyv({ store: new LRUCache<string, object>({ max: MAX_ENTRIES }) });
