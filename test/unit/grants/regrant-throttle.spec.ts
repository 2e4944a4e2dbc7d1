import { jest } from '@jest/globals';

import { pause } from '../../../src/core/concurrency/pause.js';
import { RegrantThrottle } from '../../../src/grants/regrant-throttle.js';
import { SealedStore } from '../../../src/store/sealed-store.js';
import type { TokenStore } from '../../../src/store/token-store.js';
import { API_URL, INSTANCE, OTHER_INSTANCE, app } from '../../support/app.js';
import { FakeClock } from '../../support/fake-clock.js';
import { LeasingTokenStore } from '../../support/leasing-token-store.js';
import { MapTokenStore } from '../../support/map-token-store.js';

const LONGEST_WAIT_MS = 75;

describe('RegrantThrottle', () => {
  let clock: FakeClock;
  let store: LeasingTokenStore;

  const processOn = (inner: TokenStore = store): RegrantThrottle =>
    new RegrantThrottle(new SealedStore(inner, app(), API_URL, clock));

  beforeEach(() => {
    clock = new FakeClock();
    store = new LeasingTokenStore();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it.each([
    ['one process', () => processOn(new MapTokenStore())],
    ['several processes', () => processOn()],
  ])('asks once in thirty seconds in %s', async (_how, factoryProvider) => {
    const asking = factoryProvider();
    const firstMs = clock.nowMs();
    expect(await asking.sinceMs(INSTANCE, firstMs)).toBe(firstMs);
    clock.advance(29_999);

    expect(await asking.sinceMs(INSTANCE, clock.nowMs())).toBe(firstMs);
    expect(await asking.sinceMs(OTHER_INSTANCE, clock.nowMs())).toBe(clock.nowMs());
  });

  it('asks in one of several processes, and not in the others', async () => {
    const startMs = clock.nowMs();
    await processOn().sinceMs(INSTANCE, startMs);
    clock.advance(10_000);

    expect(await processOn().sinceMs(INSTANCE, clock.nowMs())).toBe(startMs);
  });

  it('waits a moment for the answer of the process that asks', async () => {
    const [first, second] = [processOn(), processOn()];
    const set = store.set.bind(store);
    store.set = async (...entry) => {
      await pause(10);
      await set(...entry);
    };
    const firstMs = clock.nowMs();
    jest.useFakeTimers();
    const answers = Promise.all([first.sinceMs(INSTANCE, firstMs), second.sinceMs(INSTANCE, firstMs + 1)]);
    await jest.advanceTimersByTimeAsync(LONGEST_WAIT_MS);

    expect(await answers).toEqual([firstMs, firstMs]);
  });

  it('asks here when the process that was to ask gives no answer', async () => {
    await processOn().sinceMs(INSTANCE, clock.nowMs());
    store.entries.clear();
    clock.advance(1_000);
    jest.useFakeTimers();
    const answer = processOn().sinceMs(INSTANCE, clock.nowMs());
    await jest.advanceTimersByTimeAsync(LONGEST_WAIT_MS);

    expect(await answer).toBe(clock.nowMs());
  });

  it('asks when the store fails', async () => {
    store.lease = () => Promise.reject(new Error('away'));

    expect(await processOn().sinceMs(INSTANCE, clock.nowMs())).toBe(clock.nowMs());
  });

  it('requests one lease for many callers at once', async () => {
    const asking = processOn();
    await Promise.all(Array.from({ length: 100 }, () => asking.sinceMs(INSTANCE, clock.nowMs())));

    expect(store.leasesWanted).toBe(1);
  });

  it('reads the store again after the installation was forgotten', async () => {
    const asking = processOn();
    await asking.sinceMs(INSTANCE, clock.nowMs());
    asking.forget(INSTANCE);
    await asking.sinceMs(INSTANCE, clock.nowMs());

    expect(store.leasesWanted).toBe(2);
  });
});
