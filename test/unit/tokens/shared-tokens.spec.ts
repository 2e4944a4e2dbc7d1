import { jest } from '@jest/globals';

import { TokenCache } from '../../../src/tokens/token-cache.js';
import { WixAccessToken } from '../../../src/tokens/wix-access-token.js';
import { app, APP_SECRET, INSTANCE_TEXT, OLD_SECRET } from '../../support/app.js';
import { deferred, turns } from '../../support/deferred.js';
import { FakeClock } from '../../support/fake-clock.js';
import { LeasingTokenStore } from '../../support/leasing-token-store.js';
import { MapTokenStore } from '../../support/map-token-store.js';
import { sharingBy } from '../../support/sharing.js';
import { RecordingInvalidationBus } from '../../support/recording-invalidation-bus.js';

const MINUTE_MS = 60_000;
const LIFE_MS = 240 * MINUTE_MS;
const SETTINGS = { leewayMs: MINUTE_MS, refreshAheadMs: 5 * MINUTE_MS, areNamedByInstance: true };

describe('Tokens that two processes share', () => {
  let clock: FakeClock;
  let store: MapTokenStore;
  let invalidationBus: RecordingInvalidationBus;
  let one: TokenCache;
  let other: TokenCache;
  let mints: number;

  const keeper = (credentials = app()): TokenCache =>
    new TokenCache('app', sharingBy(store, clock, invalidationBus, credentials), clock, SETTINGS);
  const newToken = (): WixAccessToken => {
    mints += 1;
    return new WixAccessToken(`token ${String(mints)}`, new Date(clock.nowMs() + LIFE_MS));
  };
  const taken = (from: TokenCache, mint = () => Promise.resolve(newToken())): Promise<WixAccessToken> =>
    from.take(INSTANCE_TEXT, mint);
  const valueIn = async (from: TokenCache): Promise<string> => (await taken(from)).value;

  beforeEach(() => {
    clock = new FakeClock();
    store = new LeasingTokenStore();
    invalidationBus = new RecordingInvalidationBus();
    mints = 0;
    one = keeper();
    other = keeper();
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('are minted once', async () => {
    expect(await Promise.all([valueIn(one), valueIn(other)])).toEqual(['token 1', 'token 1']);
    expect(mints).toBe(1);
  });

  it('are dropped in both when one was refused with them, and minted once', async () => {
    await taken(other);
    await one.drop(await taken(one));

    expect(await Promise.all([valueIn(one), valueIn(other)])).toEqual(['token 2', 'token 2']);
  });

  it('are minted once when both were refused with the same at once', async () => {
    const refused = await Promise.all([taken(one), taken(other)]);
    await Promise.all([one.drop(refused[0]), other.drop(refused[1])]);
    await Promise.all([valueIn(one), other.drop(refused[1])]);

    expect(await Promise.all([valueIn(one), valueIn(other)])).toEqual(['token 2', 'token 2']);
  });

  it('stay when another one was dropped', async () => {
    const old = await taken(one);
    await one.take(INSTANCE_TEXT, () => Promise.resolve(newToken()), { forceRefresh: true });
    await one.drop(old);

    expect(await Promise.all([valueIn(one), valueIn(keeper())])).toEqual(['token 2', 'token 2']);
    expect(mints).toBe(2);
  });

  it('are forgotten in both', async () => {
    await Promise.all([taken(one), taken(other)]);
    await one.forget(INSTANCE_TEXT);

    expect(await Promise.all([valueIn(other), valueIn(one)])).toEqual(['token 2', 'token 2']);
  });

  it('are not stored anywhere when they were requested before that', async () => {
    const slow = deferred<WixAccessToken>();
    const early = taken(one, () => slow.promise);
    await turns();
    await other.forget(INSTANCE_TEXT);
    slow.resolve(newToken());

    expect((await early).value).toBe('token 1');
    expect(await Promise.all([valueIn(one), valueIn(other)])).toEqual(['token 2', 'token 2']);
  });

  it('are not found by others when they were requested before that, and no message arrived', async () => {
    const slow = deferred<WixAccessToken>();
    const early = taken(one, () => slow.promise);
    await turns();
    invalidationBus.isFailing = true;
    await other.forget(INSTANCE_TEXT);
    slow.resolve(newToken());
    await early;

    expect(await valueIn(other)).toBe('token 2');
  });

  it('are gone from the store before the others hear of it', async () => {
    await Promise.all([taken(one), taken(other)]);
    const seen: string[] = [];
    const tell = invalidationBus.tell.bind(invalidationBus);
    invalidationBus.tell = (...told) => {
      seen.push(...store.entries.keys());
      tell(...told);
    };
    await one.drop(await taken(one));

    expect(seen).toEqual([]);
  });

  it('stay when an old message is heard once more', async () => {
    await taken(other);
    await one.forget(INSTANCE_TEXT);
    await taken(other);
    invalidationBus.repeat('earlier');

    expect(other.atHand(INSTANCE_TEXT)).toBeDefined();
    expect(mints).toBe(2);
  });

  it('are renewed at moments a little apart, and in one process exactly on time', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.999);
    await taken(one);
    clock.advance(LIFE_MS - 5 * MINUTE_MS + 23_000);
    expect(one.atHand(INSTANCE_TEXT)).toBeDefined();
    clock.advance(1_000);
    expect(one.atHand(INSTANCE_TEXT)).toBeUndefined();

    store = new MapTokenStore();
    const alone = keeper();
    await taken(alone);
    clock.advance(LIFE_MS - 5 * MINUTE_MS);
    expect(alone.atHand(INSTANCE_TEXT)).toBeUndefined();
  });

  it('are found and dropped while the secret is being rotated', async () => {
    const [old, rotating] = [keeper(app(OLD_SECRET)), keeper(app(APP_SECRET, OLD_SECRET))];
    expect([await valueIn(old), await valueIn(rotating)]).toEqual(['token 1', 'token 1']);
    await rotating.drop(await taken(rotating));

    expect(await valueIn(old)).toBe('token 2');
    expect(await valueIn(rotating)).toBe('token 2');
  });
});
