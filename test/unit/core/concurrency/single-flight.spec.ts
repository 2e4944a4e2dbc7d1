import { SingleFlight } from '../../../../src/core/concurrency/single-flight.js';
import { WixUnavailableError } from '../../../../src/core/wix-auth.errors.js';
import { deferred } from '../../../support/deferred.js';

describe('SingleFlight', () => {
  it('lets a thousand callers share one attempt', async () => {
    const flights = new SingleFlight<number>();
    const answer = deferred<number>();
    let attempts = 0;
    const start = (): Promise<number> => {
      attempts += 1;
      return answer.promise;
    };

    const calls = Array.from({ length: 1_000 }, () => flights.run('key', start));
    answer.resolve(7);

    expect(new Set(await Promise.all(calls))).toEqual(new Set([7]));
    expect(attempts).toBe(1);
  });

  it('keeps different keys apart', async () => {
    const flights = new SingleFlight<string>();
    const calls = ['a', 'b'].map((key) => flights.run(key, () => Promise.resolve(key)));

    expect(await Promise.all(calls)).toEqual(['a', 'b']);
  });

  it('shares a failure and starts again after it', async () => {
    const flights = new SingleFlight<number>();
    const failing = (): Promise<number> => Promise.reject(new Error('down'));
    const calls = [flights.run('key', failing), flights.run('key', () => Promise.resolve(1))];

    for (const { status } of await Promise.allSettled(calls)) expect(status).toBe('rejected');
    await expect(flights.run('key', () => Promise.resolve(2))).resolves.toBe(2);
  });

  it('gives each caller its own error object, which it may change', async () => {
    const flights = new SingleFlight<number>();
    const answer = deferred<number>();
    const calls = [1, 2, 3].map(() => flights.run('key', () => answer.promise));
    const failure = new WixUnavailableError('down', { retryAfterMs: 7, requestId: 'r' });
    answer.reject(failure);

    const errors = await Promise.all(calls.map((call) => call.catch((error: unknown) => error as WixUnavailableError)));
    Object.assign(errors[0] ?? {}, { code: 'UNKNOWN', message: 'changed' });

    expect(new Set([...errors, failure]).size).toBe(4);
    for (const error of errors.slice(1)) {
      expect(error).toMatchObject({ code: 'WIX_UNAVAILABLE', message: 'down', retryAfterMs: 7, requestId: 'r' });
    }
  });

  it.each(['forget', 'forgetAll'] as const)('lets no caller join what was under way before %s', async (forgetting) => {
    const flights = new SingleFlight<string>();
    const earlier = deferred<string>();
    const first = flights.run('key', () => earlier.promise);
    flights[forgetting]('key');
    const second = flights.run('key', () => Promise.resolve('new'));
    earlier.resolve('old');

    expect(await Promise.all([first, second])).toEqual(['old', 'new']);
  });

  it('lets later callers join a restarted attempt even when the earlier one ends in between', async () => {
    const flights = new SingleFlight<string>();
    const earlier = deferred<string>();
    const later = deferred<string>();
    const first = flights.run('key', () => earlier.promise);
    const second = flights.restart('key', () => later.promise);
    earlier.resolve('old');
    await first;
    const third = flights.run('key', () => Promise.resolve('third attempt'));
    later.resolve('new');

    expect(await Promise.all([second, third])).toEqual(['new', 'new']);
  });
});
