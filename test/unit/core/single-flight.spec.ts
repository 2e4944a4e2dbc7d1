import { SingleFlight } from '../../../src/core/single-flight.js';
import { deferred } from '../../support/deferred.js';

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

  it('shares a failure and starts afresh after it', async () => {
    const flights = new SingleFlight<number>();
    const failing = (): Promise<number> => Promise.reject(new Error('down'));
    const calls = [flights.run('key', failing), flights.run('key', () => Promise.resolve(1))];

    for (const { status } of await Promise.allSettled(calls)) expect(status).toBe('rejected');
    await expect(flights.run('key', () => Promise.resolve(2))).resolves.toBe(2);
  });

  it.each(['forget', 'forgetAll'] as const)('lets nobody join what was under way before %s', async (forgetting) => {
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
