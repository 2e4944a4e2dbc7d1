import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';

import { InMemoryRefreshTokenStore } from '../../../../src/install/refresh-tokens/in-memory-refresh-token.store.js';
import type { OAuthAccessEndpoint, TokenPair } from '../../../../src/install/refresh-tokens/oauth-access.endpoint.js';
import { RefreshTokenSealer } from '../../../../src/install/refresh-tokens/refresh-token-entry.js';
import { RefreshTokenVault } from '../../../../src/install/refresh-tokens/refresh-token.vault.js';
import { RefreshTokens } from '../../../../src/install/refresh-tokens/refresh-tokens.js';
import { WixUnavailableError } from '../../../../src/core/wix-auth.errors.js';
import { WixAccessToken } from '../../../../src/tokens/wix-access-token.js';
import { API_URL, APP_SECRET, INSTANCE, OLD_SECRET, app } from '../../../support/app.js';
import { codeOf } from '../../../support/code-of.js';
import { turns } from '../../../support/deferred.js';
import { loggedEvents } from '../../../support/logged-events.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { settledIn } from '../../../support/interleavings.js';

/** Wix, where each renewal ends the refresh token it used. */
class RotatingWix {
  good = 'refresh-0';
  count = 0;
  fails: Error | undefined;

  async refresh(token: string): Promise<TokenPair | 'refused'> {
    await Promise.resolve();
    if (this.fails) throw this.fails;
    if (token !== this.good) return 'refused';
    this.count += 1;
    this.good = `refresh-${String(this.count)}`;
    const { count } = this;
    // The answer takes a while, during which the former token is unusable and the next one has not arrived.
    await turns();
    return {
      accessToken: new WixAccessToken(`access-${String(count)}`, new Date()),
      refreshToken: `refresh-${String(count)}`,
    };
  }
}

describe('RefreshTokens', () => {
  let wix: RotatingWix;
  let store: InMemoryRefreshTokenStore;
  let clock: FakeClock;

  beforeEach(() => {
    wix = new RotatingWix();
    store = new InMemoryRefreshTokenStore();
    clock = new FakeClock();
  });

  const sealer = (...secrets: [string, ...string[]] | []) => new RefreshTokenSealer(app(...secrets), API_URL);

  const process = (...secrets: [string, ...string[]] | []): RefreshTokens => {
    const endpoint = wix as unknown as OAuthAccessEndpoint;
    return new RefreshTokens(store, new RefreshTokenVault(store, sealer(...secrets)), endpoint, clock);
  };

  const stored = async (): Promise<string | undefined> => store.get(sealer().keyOf(INSTANCE));

  it('uses client credentials for installations without a refresh token', async () => {
    expect(await process().tokenFor(INSTANCE)).toBeUndefined();
  });

  it('renews, and stores the refresh token that replaces the former', async () => {
    const tokens = process();
    await tokens.keep(INSTANCE, 'refresh-0');
    expect((await tokens.tokenFor(INSTANCE))?.value).toBe('access-1');
    expect((await tokens.tokenFor(INSTANCE))?.value).toBe('access-2');
  });

  it('loses no token when two processes renew at once', async () => {
    const [one, other] = [process(), process()];
    await one.keep(INSTANCE, 'refresh-0');
    const given = await Promise.all([...Array(10).keys()].map((index) => (index % 2 ? one : other).tokenFor(INSTANCE)));
    expect(given.map((token) => token?.value)).not.toContain(undefined);
    expect(wix.count).toBe(10);
    expect((await one.tokenFor(INSTANCE))?.value).toBe('access-11');
  });

  it('encrypts what it stores', async () => {
    await process().keep(INSTANCE, 'refresh-0');
    expect(await stored()).not.toContain('refresh-0');
    expect(Buffer.from((await stored()) ?? '', 'base64url').toString('latin1')).not.toContain('refresh-0');
  });

  it('does not delete a token that Wix rejects, in case of a mistake', async () => {
    const tokens = process();
    await tokens.keep(INSTANCE, 'refresh-0');
    wix.good = 'another';
    expect(await tokens.tokenFor(INSTANCE)).toBeUndefined();
    wix.good = 'refresh-0';
    expect((await tokens.tokenFor(INSTANCE))?.value).toBe('access-1');
  });

  it('fails but does not lose the token when Wix is unavailable, and renews afterwards', async () => {
    const tokens = process();
    await tokens.keep(INSTANCE, 'refresh-0');
    wix.fails = new WixUnavailableError('away');
    expect(await codeOf(() => tokens.tokenFor(INSTANCE))).toBe('WIX_UNAVAILABLE');
    wix.fails = undefined;
    expect((await tokens.tokenFor(INSTANCE))?.value).toBe('access-1');
  });

  it('does not overwrite a new consent with a renewed token', async () => {
    const tokens = process();
    await tokens.keep(INSTANCE, 'refresh-0');
    const refresh = wix.refresh.bind(wix);
    wix.refresh = async (token) => {
      await tokens.keep(INSTANCE, 'consented');
      return refresh(token);
    };
    await tokens.tokenFor(INSTANCE);
    wix.refresh = refresh;
    wix.good = 'consented';
    expect(await tokens.tokenFor(INSTANCE)).toBeDefined();
  });

  it('does not wait for a process that died during a renewal', async () => {
    const dead = process();
    await dead.keep(INSTANCE, 'refresh-0');
    wix.refresh = () => new Promise(() => undefined);
    void dead.tokenFor(INSTANCE);
    await new Promise((resolve) => setImmediate(resolve));
    wix.refresh = RotatingWix.prototype.refresh.bind(wix);
    clock.advance(15_001);
    expect((await process().tokenFor(INSTANCE))?.value).toBe('access-1');
  });

  describe('while the app secret is rotated', () => {
    it('opens with the old secret and seals with the new one', async () => {
      await process(OLD_SECRET).keep(INSTANCE, 'refresh-0');
      wix.good = 'nobody has it';
      await process(APP_SECRET, OLD_SECRET).tokenFor(INSTANCE);
      wix.good = 'refresh-0';
      expect((await process(APP_SECRET).tokenFor(INSTANCE))?.value).toBe('access-1');
    });

    it('does not delete what no secret opens, and falls back', async () => {
      await process(OLD_SECRET).keep(INSTANCE, 'refresh-0');
      const before = await stored();
      expect(await process(APP_SECRET).tokenFor(INSTANCE)).toBeUndefined();
      expect(await stored()).toBe(before);
    });
  });

  it('fails as unavailable when the store fails', async () => {
    store.get = () => Promise.reject(new Error('secret detail'));
    expect(await codeOf(() => process().tokenFor(INSTANCE))).toBe('WIX_UNAVAILABLE');
  });

  it('retries the write of a token that no other process has', async () => {
    const tokens = process();
    await tokens.keep(INSTANCE, 'refresh-0');
    const replace = store.replace.bind(store);
    let failures = 0;
    store.replace = (key, expected, value) => {
      if (wix.count === 0 || failures === 2) return replace(key, expected, value);
      failures += 1;
      return Promise.reject(new Error('a moment away'));
    };
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const renewed = tokens.tokenFor(INSTANCE);
    await turns();
    await jest.advanceTimersByTimeAsync(600);
    await renewed;
    jest.useRealTimers();
    expect((await tokens.tokenFor(INSTANCE))?.value).toBe('access-2');
  });

  it('does not wait for a store that hangs, and logs its failure and its recovery once each', async () => {
    jest.useFakeTimers();
    const [warn, log] = (['warn', 'log'] as const).map((level) =>
      jest.spyOn(Logger.prototype, level).mockReturnValue(),
    );
    const vault = new RefreshTokenVault(store, sealer(), loggedEvents());
    const tokens = new RefreshTokens(store, vault, wix as unknown as OAuthAccessEndpoint, clock);
    const hanging = jest.spyOn(store, 'get').mockReturnValue(new Promise(() => undefined));
    for (let count = 0; count < 2; count += 1) {
      const code = codeOf(() => tokens.tokenFor(INSTANCE));
      await jest.advanceTimersByTimeAsync(3_000);
      expect(await code).toBe('WIX_UNAVAILABLE');
    }
    expect(warn?.mock.calls).toEqual([[expect.stringContaining('The store of refresh tokens failed (too slow)')]]);
    hanging.mockRestore();
    expect(await tokens.tokenFor(INSTANCE)).toBeUndefined();
    expect(log?.mock.calls).toEqual([['The store of refresh tokens works again.']]);
    jest.restoreAllMocks();
    jest.useRealTimers();
  });
});

describe('RefreshTokens of two processes, in any order of their store operations', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('are used once each, and the last is stored', async () => {
    await fc.assert(fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 5 }), usedOnce), { numRuns: 50 });
  });

  async function usedOnce(scheduler: fc.Scheduler, renewals: number): Promise<void> {
    const scheduled = async <Value>(work: () => Promise<Value>, what: string): Promise<Value> => {
      await scheduler.schedule(Promise.resolve(), what);
      return work();
    };
    class ScheduledStore extends InMemoryRefreshTokenStore {
      override get(key: string): Promise<string | undefined> {
        return scheduled(() => super.get(key), 'get');
      }
      override replace(...change: [key: string, expected: string | undefined, value: string]): Promise<boolean> {
        return scheduled(() => super.replace(...change), 'replace');
      }
    }
    const store = new ScheduledStore();
    const wix = new RotatingWix();
    const refresh = (token: string) => scheduled(() => wix.refresh(token), 'refresh');
    const endpoint = { refresh } as unknown as OAuthAccessEndpoint;
    const clock = new FakeClock();
    const vault = new RefreshTokenVault(store, new RefreshTokenSealer(app(), API_URL));
    const processes = [0, 1].map(() => new RefreshTokens(store, vault, endpoint, clock));
    await settledIn(scheduler, vault.put(INSTANCE, 'refresh-0'));
    const tokens = await settledIn(
      scheduler,
      Promise.all(processes.flatMap((one) => Array.from({ length: renewals }, () => one.tokenFor(INSTANCE)))),
    );

    const values = tokens.map((token) => token?.value);
    expect(new Set(values).size).toBe(2 * renewals);
    expect(values).not.toContain(undefined);
    expect((await settledIn(scheduler, vault.find(INSTANCE)))?.token).toBe(wix.good);
  }
});
