import { jest } from '@jest/globals';

import { CircuitBreaker } from '../../../../src/core/concurrency/circuit-breaker.js';
import { deferred } from '../../../support/deferred.js';

const SETTINGS = { failures: 2, firstRetryMs: 1_000, longestRetryMs: 4_000 };

describe('CircuitBreaker', () => {
  const listener = { onBroken: jest.fn(), onRecovered: jest.fn() };
  let breaker: CircuitBreaker;
  let runs: number;

  const works = (): Promise<string> => {
    runs += 1;
    return Promise.resolve('works');
  };
  const fails = (): Promise<never> => {
    runs += 1;
    return Promise.reject(new Error('away'));
  };
  const run = (work: () => Promise<string>): Promise<string> =>
    breaker.run(work).catch((error: unknown) => String(error));
  const open = async (): Promise<void> => {
    for (let failure = 0; failure < SETTINGS.failures; failure += 1) await run(fails);
    runs = 0;
  };

  beforeEach(() => {
    jest.useFakeTimers();
    jest.clearAllMocks();
    breaker = new CircuitBreaker(SETTINGS, listener);
    runs = 0;
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('passes on what the work comes to, and what it fails with', async () => {
    expect([await run(works), await run(fails)]).toEqual(['works', 'Error: away']);
  });

  it('opens after failures in a row, and counts anew after a success', async () => {
    for (const work of [fails, works, fails]) await run(work);
    expect(listener.onBroken).not.toHaveBeenCalled();
    await run(fails);
    expect(listener.onBroken).toHaveBeenCalledTimes(1);
    runs = 0;
    await run(works);
    expect(runs).toBe(0);
  });

  it('waits twice as long after each try that fails, up to a limit', async () => {
    await open();
    for (const retryMs of [1_000, 2_000, 4_000, 4_000]) {
      jest.advanceTimersByTime(0.75 * retryMs - 1);
      await run(fails);
      expect(runs).toBe(0);
      jest.advanceTimersByTime(0.25 * retryMs + 1);
      await run(fails);
      expect(runs).toBe(1);
      runs = 0;
    }
  });

  it('begins with short waits again after it has worked', async () => {
    await open();
    jest.advanceTimersByTime(4_000);
    await run(fails);
    jest.advanceTimersByTime(4_000);
    await run(works);
    expect(listener.onRecovered).toHaveBeenCalledTimes(1);
    await open();
    jest.advanceTimersByTime(1_000);
    expect(await run(works)).toBe('works');
  });

  it('tries one at a time', async () => {
    await open();
    jest.advanceTimersByTime(1_000);
    const { promise, resolve } = deferred<string>();
    const trying = run(() => promise);
    await run(works);
    expect(runs).toBe(0);
    resolve('works again');
    expect([await trying, await run(works)]).toEqual(['works again', 'works']);
  });

  it('learns nothing from work that began before it opened', async () => {
    const [good, bad] = [deferred<string>(), deferred<string>()];
    const early = [run(() => good.promise), run(() => bad.promise)];
    await open();
    good.resolve('late');
    bad.reject(new Error('late'));
    await Promise.all(early);
    expect([listener.onBroken.mock.calls.length, listener.onRecovered.mock.calls.length]).toEqual([1, 0]);
  });
});
