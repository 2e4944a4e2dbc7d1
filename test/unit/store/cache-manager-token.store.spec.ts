import { CACHE_MANAGER, CacheModule, type Cache } from '@nestjs/cache-manager';
import { Test } from '@nestjs/testing';

import { CacheManagerTokenStore } from '../../../src/store/cache-manager-token.store.js';
import { deferred, turns } from '../../support/deferred.js';

async function createCache(): Promise<Cache> {
  const module = await Test.createTestingModule({ imports: [CacheModule.register()] }).compile();
  return module.get<Cache>(CACHE_MANAGER);
}

describe('CacheManagerTokenStore', () => {
  it('stores, replaces and forgets values', async () => {
    const store = new CacheManagerTokenStore(await createCache());
    await store.set('key', 'one', 1_000);
    await store.set('key', 'two', 1_000);
    expect(await store.get('key')).toBe('two');

    await store.delete('key');
    await store.delete('key');
    expect(await store.get('key')).toBeUndefined();
  });

  it('passes its lifetime on in milliseconds', async () => {
    const cache = await createCache();
    await new CacheManagerTokenStore(cache).set('key', 'value', 60_000);
    const expiresAtMs = await cache.ttl('key');

    expect(expiresAtMs).toBeGreaterThan(Date.now() + 50_000);
    expect(expiresAtMs).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  it('has deleted a value only when the cache has, and fails when the cache fails', async () => {
    const cache = await createCache();
    const deletion = deferred<boolean>();
    deletion.promise.catch(() => undefined);
    cache.del = () => deletion.promise;
    let isOver = false;
    const deleting = new CacheManagerTokenStore(cache).delete('key').finally(() => (isOver = true));
    deleting.catch(() => undefined);
    await turns();
    expect(isOver).toBe(false);
    deletion.reject(new Error('away'));

    await expect(deleting).rejects.toThrow('away');
  });

  it('ignores what another program stored under a key', async () => {
    const cache = await createCache();
    await cache.set('key', { not: 'text' });

    expect(await new CacheManagerTokenStore(cache).get('key')).toBeUndefined();
  });
});
