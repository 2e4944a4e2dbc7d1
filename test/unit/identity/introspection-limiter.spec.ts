import { jest } from '@jest/globals';

import { IntrospectionLimiter } from '../../../src/identity/introspection-limiter.js';
import { codeOf } from '../../support/code-of.js';
import { deferred } from '../../support/deferred.js';

describe('IntrospectionLimiter', () => {
  let limiter: IntrospectionLimiter;
  let asked: number;

  const send = (): Promise<string> => {
    asked += 1;
    return Promise.resolve('answer');
  };
  const codesOf = (count: number, request = send): Promise<unknown[]> =>
    Promise.all(Array.from({ length: count }, () => codeOf(() => limiter.run(request))));

  beforeEach(() => {
    jest.useFakeTimers();
    limiter = new IntrospectionLimiter(10);
    asked = 0;
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('hands the answer on', async () => {
    expect(await limiter.run(send)).toBe('answer');
  });

  it('lets so many questions through a second, and answers 503 beyond, with the advice to come back', async () => {
    const codes = await codesOf(100);

    expect(asked).toBe(10);
    expect(codes.filter((code) => code === 'WIX_UNAVAILABLE')).toHaveLength(90);
    await expect(limiter.run(send)).rejects.toMatchObject({ retryAfterMs: 1_000 });
  });

  it('recovers within a second', async () => {
    await codesOf(100);
    await jest.advanceTimersByTimeAsync(1_000);

    expect(await codesOf(10)).toEqual(Array.from({ length: 10 }, () => 'none'));
  });

  it('never puts more than twice the rate into any second', async () => {
    await jest.advanceTimersByTimeAsync(990);
    await codesOf(100);
    await jest.advanceTimersByTimeAsync(999);
    await codesOf(100);

    expect(asked).toBeLessThanOrEqual(20);
  });

  it('bounds how many wait for an answer, however slowly those come', async () => {
    const slow = deferred<string>();
    let waiting = 0;
    const hang = (): Promise<string> => {
      waiting += 1;
      return slow.promise;
    };
    const codes: Promise<unknown>[] = [];
    for (let second = 0; second < 10; second += 1) {
      codes.push(...Array.from({ length: 10 }, () => codeOf(() => limiter.run(hang))));
      await jest.advanceTimersByTimeAsync(1_000);
    }
    expect(waiting).toBe(20);
    slow.resolve('late');

    expect((await Promise.all(codes)).filter((code) => code === 'none')).toHaveLength(20);
    expect(await limiter.run(send)).toBe('answer');
  });

  it('counts a question that failed as over', async () => {
    for (let count = 0; count < 100; count += 1) {
      await codeOf(() => limiter.run(() => Promise.reject(new Error('down'))));
      await jest.advanceTimersByTimeAsync(1_000);
    }

    expect(await limiter.run(send)).toBe('answer');
  });
});
