import { jest } from '@jest/globals';
import { createKeyv } from '@keyv/redis';
import KeyvValkey from '@keyv/valkey';
import { Keyv } from 'keyv';

import { pause } from '../../../../src/core/concurrency/pause.js';
import {
  KeyvRefreshTokenStore,
  type KeyvLike,
} from '../../../../src/install/refresh-tokens/keyv-refresh-token.store.js';
import { codeOf } from '../../../support/code-of.js';
import { untilTrue } from '../../../support/until-true.js';
import { RedisServer } from '../../../support/redis-server.js';
import { refreshTokenStoreContract } from '../../../../src/testing/contracts/refresh-token-store.contract.js';

describe('KeyvRefreshTokenStore', () => {
  const keyv = new Keyv({ throwOnErrors: true });
  const store = new KeyvRefreshTokenStore(keyv);
  for (const { title, run } of refreshTokenStoreContract(() => store)) it(title, run);

  it('reports whether the store behind the Keyv is durable', () => {
    expect(store.forgetsOnRestart).toBe(true);
    const lasting = mapLike();
    expect(new KeyvRefreshTokenStore(new Keyv({ store: lasting, throwOnErrors: true })).forgetsOnRestart).toBe(false);
  });

  it('refuses a Keyv with a time to live', async () => {
    expect(await codeOf(() => new KeyvRefreshTokenStore(new Keyv({ ttl: 1_000, throwOnErrors: true })))).toBe(
      'WIX_MISCONFIGURED',
    );
  });

  it('fails when the store behind the Keyv fails, instead of reporting a missing token', async () => {
    const away = {
      get: () => Promise.reject(new Error('away')),
      set: () => Promise.reject(new Error('away')),
      delete: () => true,
      clear: () => undefined,
    };
    const failing = new KeyvRefreshTokenStore(new Keyv({ store: away, throwOnErrors: true }));
    await expect(failing.get('key')).rejects.toThrow('away');
    await expect(failing.replace('key', undefined, 'value')).rejects.toThrow('away');
  });

  it('fails when an adapter reports an error, whatever it returns', async () => {
    const quiet = new Keyv({ throwOnErrors: true });
    quiet.hooks.addHandler('preGet', () => {
      quiet.emit('error', new Error('away'));
    });
    const failing = new KeyvRefreshTokenStore(quiet);
    await expect(failing.get('key')).rejects.toThrow('failed');
  });

  it('refuses a Keyv that hides failures', async () => {
    expect(await codeOf(() => new KeyvRefreshTokenStore(new Keyv()))).toBe('WIX_MISCONFIGURED');
  });

  it('lets one of two concurrent processes win', async () => {
    const other = new KeyvRefreshTokenStore(keyv);
    const done = await Promise.all([
      store.replace('contended', undefined, 'mine'),
      other.replace('contended', undefined, 'theirs'),
    ]);
    expect(done.sort()).toEqual([false, true]);
  });
});

describe('KeyvRefreshTokenStore with slow writes', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('lets one of two processes win, even if the first writes early', async () => {
    const values = new Map<string, string>();
    const processWith = (writeMs: number) => new KeyvRefreshTokenStore(writingTo(values, writeMs));
    const outcomes = Promise.all([
      processWith(0).replace('contended', undefined, 'early'),
      processWith(40).replace('contended', undefined, 'late'),
    ]);
    await jest.advanceTimersByTimeAsync(1_000);

    expect(await outcomes).toEqual([false, true]);
    expect(values.get('contended')).toBe('late');
  });
});

describe('KeyvRefreshTokenStore over Redis', () => {
  let redis: RedisServer;
  let keyv: Keyv;
  let store: KeyvRefreshTokenStore;

  beforeAll(async () => {
    redis = await RedisServer.start();
    keyv = createKeyv(redis.url, { throwOnErrors: true });
    store = new KeyvRefreshTokenStore(keyv);
  });

  afterAll(async () => {
    await keyv.disconnect();
    await redis.stop();
  });

  for (const { title, run } of refreshTokenStoreContract(() => store)) it(title, run);

  describe('by @keyv/valkey', () => {
    let valkey: Keyv;
    let inValkey: KeyvRefreshTokenStore;
    beforeAll(() => {
      valkey = new Keyv({ store: new KeyvValkey(redis.url), throwOnErrors: true });
      inValkey = new KeyvRefreshTokenStore(valkey);
    });
    afterAll(() => valkey.disconnect());

    for (const { title, run } of refreshTokenStoreContract(() => inValkey)) it(title, run);
  });

  it('fails at once while Redis is down, says why, and continues when it is back', async () => {
    await store.replace('lasting', undefined, 'value');
    await redis.kill();
    await untilTrue(async () => (await codeOf(() => store.get('lasting'))) === 'ECONNREFUSED');
    await expect(store.replace('lasting', undefined, 'other')).rejects.toThrow('Redis');
    await redis.startAgain();
    // Empty: it stored nothing.
    await untilTrue(async () => (await codeOf(() => store.get('lasting'))) === 'none');
  });

  it('refuses a value that is longer than any of its own, without reading it', async () => {
    const client = await redis.client();
    await client.set('huge', 'x'.repeat(1_000_000));
    await expect(store.get('huge')).rejects.toThrow('too long');
  });

  it('reports when Redis does not persist its data, and nothing when it does', async () => {
    expect(await store.risk()).toBe('appendonly no');
    await redis.run('CONFIG', 'SET', 'appendonly', 'yes');
    expect(await store.risk()).toBeUndefined();
  });

  it('does not report that it is not durable', () => {
    expect(store.forgetsOnRestart).toBe(false);
  });
});

const writingTo = (values: Map<string, string>, writeMs: number): KeyvLike => ({
  throwOnErrors: true,
  get: (key) => Promise.resolve(values.get(key)),
  set: async (key, value) => {
    await pause(writeMs);
    values.set(key, value);
  },
  on: () => undefined,
});

const mapLike = () => ({ get: () => undefined, set: () => undefined, delete: () => true, clear: () => undefined });
