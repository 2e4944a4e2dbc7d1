import type { CacheModuleOptions } from '@nestjs/cache-manager';
import { Keyv } from 'keyv';
import { BoundedCache } from '../core/bounded-cache.js';
import type { WixAuthOptions } from './wix-auth.options.js';

/** What `@nestjs/cache-manager` is set up with: the app's stores, or one in memory that cannot grow without bound. */
export function cacheOptionsOf({ cache }: Pick<WixAuthOptions, 'cache'>): CacheModuleOptions {
  return { stores: [inMemory()], ...cache };
}

const inMemory = (): Keyv => new Keyv({ store: new BoundedCache<string, object>() });
