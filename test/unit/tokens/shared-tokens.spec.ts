import { jest } from '@jest/globals';
import fc from 'fast-check';

import { TokenCache } from '../../../src/tokens/token-cache.js';
import { WixAccessToken } from '../../../src/tokens/wix-access-token.js';
import { app, APP_SECRET, INSTANCE_TEXT, OLD_SECRET } from '../../support/app.js';
import { deferred, turns } from '../../support/deferred.js';
import { FakeClock } from '../../support/fake-clock.js';
import { ScheduledTokenStore, settledIn } from '../../support/interleavings.js';
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

  it('remain when another one was dropped', async () => {
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

  it.each<[string, () => Promise<void>]>([
    ['dropped', async () => one.drop(await taken(one))],
    ['forgotten', () => one.forget(INSTANCE_TEXT)],
  ])('are removed from the store before the others are notified that they were %s', async (_how, forget) => {
    await Promise.all([taken(one), taken(other)]);
    const cached = [...store.entries.values()];
    store.isSlow = true;
    const seen: string[] = [];
    invalidationBus.tell = () => {
      seen.push(...store.entries.values());
    };
    await forget();

    expect(invalidationBus.told).toHaveLength(1);
    expect(cached.filter((value) => seen.includes(value))).toEqual([]);
  });

  it('remain when an old message is delivered again', async () => {
    await taken(other);
    await one.forget(INSTANCE_TEXT);
    await taken(other);
    invalidationBus.repeat('earlier');

    expect(other.atHand(INSTANCE_TEXT)).toBeDefined();
    expect(mints).toBe(2);
  });

  it('are renewed at slightly different times, and in one process exactly on time', async () => {
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

  it('are found and dropped during a rotation of the secret', async () => {
    const [old, rotating] = [keeper(app(OLD_SECRET)), keeper(app(APP_SECRET, OLD_SECRET))];
    expect([await valueIn(old), await valueIn(rotating)]).toEqual(['token 1', 'token 1']);
    await rotating.drop(await taken(rotating));

    expect(await valueIn(old)).toBe('token 2');
    expect(await valueIn(rotating)).toBe('token 2');
  });
});

describe('Tokens that two processes share, in any order of their store operations', () => {
  type Step = 'take one' | 'take other' | 'drop one' | 'drop other' | 'refresh one';
  const step = fc.constantFrom<Step>('take one', 'take other', 'drop one', 'drop other', 'refresh one');

  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('never come back after they were forgotten', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(step, { maxLength: 6 }), fc.array(step, { maxLength: 4 }), outlived),
      { numRuns: 100 },
    );
  });

  async function outlived(scheduler: fc.Scheduler, before: readonly Step[], meanwhile: readonly Step[]): Promise<void> {
    const clock = new FakeClock();
    const store = new ScheduledTokenStore(scheduler);
    const bus = new RecordingInvalidationBus();
    let mints = 0;
    const [one, other] = [0, 1].map(() => new TokenCache('app', sharingBy(store, clock, bus), clock, SETTINGS)) as [
      TokenCache,
      TokenCache,
    ];
    const mint = async (): Promise<WixAccessToken> => {
      mints += 1;
      const token = new WixAccessToken(String(mints), new Date(clock.nowMs() + LIFE_MS));
      await scheduler.schedule(Promise.resolve(), `mint ${String(mints)}`);
      return token;
    };
    const take = (from: TokenCache, forceRefresh = false) => from.take(INSTANCE_TEXT, mint, { forceRefresh });
    const did: Record<Step, () => Promise<unknown>> = {
      'take one': () => take(one),
      'take other': () => take(other),
      'drop one': async () => one.drop(await take(one)),
      'drop other': async () => other.drop(await take(other)),
      'refresh one': () => take(one, true),
    };
    await settledIn(scheduler, Promise.all(before.map((name) => did[name]())));
    const early = meanwhile.map((name) => did[name]());
    const oldMints = mints;
    await settledIn(scheduler, one.forget(INSTANCE_TEXT));
    const late = await settledIn(scheduler, Promise.all([take(one), take(other), ...early]));

    for (const token of late.slice(0, 2)) expect(Number((token as WixAccessToken).value)).toBeGreaterThan(oldMints);
    const kept = await settledIn(scheduler, Promise.all([take(one), take(other)]));
    for (const token of kept) expect(Number(token.value)).toBeGreaterThan(oldMints);
  }
});
