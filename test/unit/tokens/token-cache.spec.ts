import { jest } from '@jest/globals';

import { AuthEvents } from '../../../src/core/auth-events.js';
import { WixAppRefusedError, WixInstanceUnknownError, WixUnavailableError } from '../../../src/core/wix-auth.errors.js';
import { Traces } from '../../../src/diagnostics/traces.js';
import type { TokenStore } from '../../../src/store/token-store.js';
import { TokenCache, type AccessTokenOptions } from '../../../src/tokens/token-cache.js';
import { WixAccessToken } from '../../../src/tokens/wix-access-token.js';
import { codeOf, errorOf } from '../../support/code-of.js';
import { deferred, turns, type Deferred } from '../../support/deferred.js';
import { FakeClock } from '../../support/fake-clock.js';
import { MapTokenStore } from '../../support/map-token-store.js';
import { sharingBy } from '../../support/sharing.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LIFE_MS = 4 * HOUR_MS;
const SETTINGS = { leewayMs: MINUTE_MS, refreshAheadMs: 5 * MINUTE_MS, areNamedByInstance: true };

describe('TokenCache', () => {
  let clock: FakeClock;
  let store: MapTokenStore;
  let keeper: TokenCache;
  let mints: number;
  const warnings = jest.fn();
  const events = new AuthEvents();
  events.on('renewalFailed', warnings);

  const keeperOn = (inner: TokenStore): TokenCache =>
    new TokenCache('app', sharingBy(inner, clock), clock, SETTINGS, new Traces(), events);

  const newToken = (lifeMs = LIFE_MS): WixAccessToken => {
    mints += 1;
    return new WixAccessToken(`token ${mints}`, new Date(clock.nowMs() + lifeMs));
  };
  const mint = (): Promise<WixAccessToken> => Promise.resolve(newToken());
  const fail = (error: Error) => (): Promise<WixAccessToken> => {
    mints += 1;
    return Promise.reject(error);
  };
  const take = async (options?: AccessTokenOptions, obtain = mint, name = 'one'): Promise<string> =>
    (await keeper.take(name, obtain, options)).value;

  /** Starts to take a token whose mint ends when the test says so. */
  const takeSlowly = async (
    options?: AccessTokenOptions,
  ): Promise<{ mint: Deferred<WixAccessToken>; taken: Promise<string> }> => {
    const slow = deferred<WixAccessToken>();
    const taken = take(options, () => slow.promise);
    await turns();
    return { mint: slow, taken };
  };

  beforeEach(() => {
    clock = new FakeClock();
    store = new MapTokenStore();
    keeper = keeperOn(store);
    mints = 0;
    warnings.mockClear();
  });

  describe('many callers', () => {
    it('share one mint, a thousand of them at once', async () => {
      const tokens = await Promise.all(Array.from({ length: 1_000 }, () => keeper.take('one', mint)));

      expect(new Set(tokens).size).toBe(1);
      expect(mints).toBe(1);
    });

    it('get a token for their own instance each', async () => {
      const names = Array.from({ length: 200 }, (_none, index) => `name ${index}`);
      const tokens = await Promise.all(names.map((name) => take({}, mint, name)));

      expect(new Set(tokens).size).toBe(200);
      expect(mints).toBe(200);
    });

    it('share a failure, and the next one tries again', async () => {
      const down = fail(new WixUnavailableError('down'));
      const codes = await Promise.all(Array.from({ length: 10 }, () => codeOf(() => take({}, down))));

      expect(new Set(codes)).toEqual(new Set(['WIX_UNAVAILABLE']));
      expect(mints).toBe(1);
      expect(await take()).toBe('token 2');
    });
  });

  describe('a cached token', () => {
    it('is returned until its renewal is due', async () => {
      await take();
      clock.advance(LIFE_MS - 5 * MINUTE_MS - 1);
      expect(await keeper.atHand('one')).toMatchObject({ value: 'token 1' });
      clock.advance(1);

      expect(keeper.atHand('one')).toBeUndefined();
      expect(keeper.atHand('other')).toBeUndefined();
    });

    it('is returned at once and renewed in the background in the first window', async () => {
      await take();
      clock.advance(LIFE_MS - 5 * MINUTE_MS);
      const tokens = await Promise.all(Array.from({ length: 100 }, () => take()));
      await turns();

      expect(new Set(tokens)).toEqual(new Set(['token 1']));
      expect(mints).toBe(2);
      expect(await take()).toBe('token 2');
    });

    it('is not returned in the second window', async () => {
      await take();
      clock.advance(LIFE_MS - MINUTE_MS);

      expect(await take()).toBe('token 2');
    });

    it('is replaced when it ends sooner than requested', async () => {
      await take();
      clock.advance(3 * HOUR_MS);

      expect(await take({ minValidityMs: HOUR_MS })).toBe('token 1');
      expect(await take({ minValidityMs: HOUR_MS + 1 })).toBe('token 2');
      expect(mints).toBe(2);
    });

    it('meets any demand when it is new', async () => {
      expect(await take({ minValidityMs: 100 * HOUR_MS })).toBe('token 1');
      expect(await take({ minValidityMs: 100 * HOUR_MS })).toBe('token 1');
    });

    it('is replaced for a caller who joined a mint that began for a lesser demand', async () => {
      await take();
      clock.advance(3 * HOUR_MS);
      const other = keeperOn(store);
      const lesser = other.take('one', mint);
      const greater = other.take('one', mint, { minValidityMs: 2 * HOUR_MS });

      expect([(await lesser).value, (await greater).value]).toEqual(['token 1', 'token 2']);
      expect(mints).toBe(2);
    });
  });

  describe('a background renewal that fails', () => {
    beforeEach(async () => {
      await take();
      clock.advance(LIFE_MS - 5 * MINUTE_MS);
    });

    const takeWhileDown = (): Promise<string> => take({}, fail(new WixUnavailableError('down')));

    it('is an event, not an error for callers who hold a good token', async () => {
      expect(await takeWhileDown()).toBe('token 1');
      await turns();

      expect(warnings).toHaveBeenCalledTimes(1);
      expect(await takeWhileDown()).toBe('token 1');
    });

    it('is paused, and tried again after a while', async () => {
      for (let call = 0; call < 50; call += 1) {
        await takeWhileDown();
        await turns();
      }
      expect(mints).toBe(2);
      clock.advance(30_000);
      await takeWhileDown();
      await turns();

      expect(mints).toBe(3);
    });

    it('is thrown only once there is no good token left', async () => {
      await takeWhileDown();
      clock.advance(4 * MINUTE_MS);

      expect(await codeOf(takeWhileDown)).toBe('WIX_UNAVAILABLE');
    });

    it('publishes nothing about an error that is not ours', async () => {
      await take({}, fail(new Error('a secret in an unexpected text')));
      await turns();

      expect(warnings.mock.calls).toEqual([[{ kind: 'app', reason: 'unexpected error' }]]);
    });
  });

  describe('short lives', () => {
    it.each([1_000, 10_000, 60_000])('cause two mints per life and not more (%d ms)', async (lifeMs) => {
      const obtain = (): Promise<WixAccessToken> => Promise.resolve(newToken(lifeMs));
      for (let step = 0; step < 1_000; step += 1) {
        await Promise.all(Array.from({ length: 3 }, () => take({}, obtain)));
        clock.advance(lifeMs / 100);
      }

      expect(mints).toBeGreaterThanOrEqual(10);
      expect(mints).toBeLessThanOrEqual(21);
    });

    it('are counted from the response: a slow one causes no second mint', async () => {
      const obtain = (): Promise<WixAccessToken> => {
        clock.advance(4_000);
        return Promise.resolve(newToken(1_000));
      };
      await take({}, obtain);

      expect(mints).toBe(1);
    });
  });

  describe('forceRefresh', () => {
    it('obtains a new token whatever is cached, which the others then share', async () => {
      await take();

      expect(await take({ forceRefresh: true })).toBe('token 2');
      expect(await take()).toBe('token 2');
    });

    it('never joins a mint that began earlier, whose token is not cached after it', async () => {
      const earlier = await takeSlowly();
      const forced = await takeSlowly({ forceRefresh: true });
      forced.mint.resolve(new WixAccessToken('forced', new Date(clock.nowMs() + LIFE_MS)));
      expect(await forced.taken).toBe('forced');
      earlier.mint.resolve(new WixAccessToken('earlier', new Date(clock.nowMs() + LIFE_MS)));

      expect(await earlier.taken).toBe('earlier');
      expect(await take()).toBe('forced');
      expect((await keeperOn(store).take('one', mint)).value).toBe('forced');
    });

    it('does not cache the earlier one either when that ends first', async () => {
      const earlier = await takeSlowly();
      const forced = await takeSlowly({ forceRefresh: true });
      earlier.mint.resolve(new WixAccessToken('earlier', new Date(clock.nowMs() + LIFE_MS)));
      await earlier.taken;
      forced.mint.resolve(new WixAccessToken('forced', new Date(clock.nowMs() + LIFE_MS)));
      await forced.taken;

      expect(await take()).toBe('forced');
    });

    it('does not drop the cached token when it fails', async () => {
      await take();
      const down = fail(new WixUnavailableError('down'));

      expect(await codeOf(() => take({ forceRefresh: true }, down))).toBe('WIX_UNAVAILABLE');
      expect(await take()).toBe('token 1');
    });
  });

  describe('dropping a token', () => {
    it('causes the next caller to obtain a new one', async () => {
      await keeper.drop(await keeper.take('one', mint));

      expect(await take()).toBe('token 2');
    });

    it('causes one mint when a hundred callers drop the same one', async () => {
      const old = await keeper.take('one', mint);
      const renewed = Array.from({ length: 100 }, async () => {
        await keeper.drop(old);
        return take();
      });

      expect(new Set(await Promise.all(renewed))).toEqual(new Set(['token 2']));
      expect(mints).toBe(2);
    });

    it('does nothing when a newer one is cached', async () => {
      const old = await keeper.take('one', mint);
      await take({ forceRefresh: true });
      await keeper.drop(old);

      expect(await take()).toBe('token 2');
    });

    it('does nothing for a token from elsewhere', async () => {
      await take();
      await keeper.drop(new WixAccessToken('token 1', new Date()));

      expect(await take()).toBe('token 1');
    });

    it('removes it from the store, so that no other process gets it', async () => {
      await keeper.drop(await keeper.take('one', mint));

      expect(store.entries.size).toBe(0);
    });

    it('removes it from the store even when a newer one is cached here that was not stored', async () => {
      const old = await keeper.take('one', mint);
      jest.spyOn(store, 'set').mockRejectedValueOnce(new Error('full'));
      await take({ forceRefresh: true });
      await keeper.drop(old);

      expect(store.entries.size).toBe(0);
      expect(await take()).toBe('token 2');
    });

    it('leaves a newer one of another process in the store, and uses it', async () => {
      const old = await keeper.take('one', mint);
      await keeperOn(store).take('one', mint, { forceRefresh: true });
      await keeper.drop(old);

      expect(await take()).toBe('token 2');
      expect(mints).toBe(2);
    });

    it('is effective even when the store cannot erase', async () => {
      const dead = await keeper.take('one', mint);
      jest.spyOn(store, 'delete').mockRejectedValue(new Error('read-only replica'));
      jest.spyOn(store, 'set').mockRejectedValue(new Error('read-only replica'));
      await keeper.drop(dead);

      expect(store.entries.size).toBe(1);
      expect(await take()).toBe('token 2');
    });
  });

  describe('a response requested before', () => {
    it.each<[string, (cached: WixAccessToken) => Promise<void>]>([
      ['forget', () => keeper.forget('one')],
      ['drop', (cached) => keeper.drop(cached)],
    ])('%s is not cached after it', async (_what, forgetting) => {
      const cached = await keeper.take('one', mint);
      clock.advance(LIFE_MS - 5 * MINUTE_MS);
      const renewal = deferred<WixAccessToken>();
      await keeper.take('one', () => renewal.promise);
      await turns();
      await forgetting(cached);
      renewal.resolve(new WixAccessToken('asked for before', new Date(clock.nowMs() + LIFE_MS)));
      await turns();

      expect(await take()).toBe('token 2');
      expect((await keeperOn(store).take('one', mint)).value).toBe('token 2');
    });

    it('forget also applies to those who waited for it, and to no others', async () => {
      const before = await takeSlowly();
      await keeper.forget('one');
      const after = take();
      before.mint.resolve(new WixAccessToken('asked for before', new Date(clock.nowMs() + LIFE_MS)));

      expect([await before.taken, await after]).toEqual(['asked for before', 'token 1']);
    });

    it('forget is not restored from the store, though it was being written', async () => {
      const writing = deferred<undefined>();
      const write = store.set.bind(store);
      jest.spyOn(store, 'set').mockImplementationOnce(async (...entry) => {
        await writing.promise;
        await write(...entry);
      });
      const taken = take();
      await turns();
      await keeper.forget('one');
      writing.resolve(undefined);
      await taken;

      expect(store.entries.size).toBe(0);
      expect(await take()).toBe('token 2');
    });

    it('forget is not a remembered refusal either', async () => {
      const before = await takeSlowly();
      await keeper.forget('one');
      before.mint.reject(new WixInstanceUnknownError('gone'));
      expect(await codeOf(() => before.taken)).toBe('WIX_INSTANCE_UNKNOWN');

      expect(await take()).toBe('token 1');
    });
  });

  describe('refusals', () => {
    const gone = fail(new WixInstanceUnknownError('gone'));

    it('are not changed by callers who change their error', async () => {
      for (let time = 0; time < 3; time += 1) {
        const error = await errorOf(() => take(undefined, gone));
        expect(error).toMatchObject({ code: 'WIX_INSTANCE_UNKNOWN', message: 'gone' });
        Object.assign(error ?? {}, { code: 'UNKNOWN', message: 'changed', status: undefined });
      }
      expect(mints).toBe(1);
    });

    it.each([
      ['WIX_INSTANCE_UNKNOWN', new WixInstanceUnknownError('gone')],
      ['WIX_APP_REFUSED', new WixAppRefusedError('refused')],
    ])('are remembered for ten seconds (%s)', async (code, error) => {
      await codeOf(() => take({}, fail(error)));
      clock.advance(9_999);
      expect(await codeOf(() => take())).toBe(code);
      expect(mints).toBe(1);
      clock.advance(1);

      expect(await take()).toBe('token 2');
    });

    it('are remembered for their own instance only: one removed site does not stop the others', async () => {
      await codeOf(() => take({}, gone));

      expect(await take({}, mint, 'other')).toBe('token 2');
    });

    it('never include an outage', async () => {
      await codeOf(() => take({}, fail(new WixUnavailableError('down'))));
      await codeOf(() => take({}, fail(new Error('unexpected'))));

      expect(await take()).toBe('token 3');
    });

    it('end when they are forgotten', async () => {
      await codeOf(() => take({}, gone));
      await keeper.forget('one');

      expect(await take()).toBe('token 2');
    });

    it('do not stop forceRefresh, and end when that succeeds', async () => {
      await codeOf(() => take({}, gone));

      expect(await take({ forceRefresh: true })).toBe('token 2');
      expect(await take()).toBe('token 2');
    });
  });

  describe('the store', () => {
    it('saves another process the mint', async () => {
      await take();

      expect((await keeperOn(store).take('one', mint)).value).toBe('token 1');
      expect(mints).toBe(1);
    });

    it('preserves the windows of a token that another process obtained', async () => {
      await take();
      clock.advance(LIFE_MS - 5 * MINUTE_MS);
      const other = keeperOn(store);
      await other.take('one', mint);
      await other.take('one', mint);
      await turns();

      expect(mints).toBe(2);
    });

    it('is not trusted with a token that has become too old', async () => {
      await take();
      clock.advance(LIFE_MS - MINUTE_MS);

      expect((await keeperOn(store).take('one', mint)).value).toBe('token 2');
    });

    it('never contains a token in clear', async () => {
      await take();

      expect(store.dump).not.toContain('token 1');
    });
  });
});
