import { jest } from '@jest/globals';

import { InstanceLimiter } from '../../../../src/http/limits/instance-limiter.js';
import { INSTANCE, OTHER_INSTANCE } from '../../../support/app.js';
import { codeOf } from '../../../support/code-of.js';

describe('InstanceLimiter', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const counting = (limiter: InstanceLimiter, calls: number, withinMs = 120_000) => {
    const counts = { admitted: 0, refused: 0 };
    for (let call = 0; call < calls; call += 1) {
      limiter.admit(INSTANCE, withinMs).then(
        () => (counts.admitted += 1),
        () => (counts.refused += 1),
      );
    }
    return counts;
  };

  it('admits a limited number of calls at once and the others a minute later, in turn', async () => {
    const counts = counting(new InstanceLimiter(3), 5);
    await jest.advanceTimersByTimeAsync(59_999);
    expect(counts).toEqual({ admitted: 3, refused: 0 });
    await jest.advanceTimersByTimeAsync(1);
    expect(counts).toEqual({ admitted: 5, refused: 0 });
  });

  it('counts each instance separately', async () => {
    const limiter = new InstanceLimiter(1);
    counting(limiter, 2);
    expect(await codeOf(() => limiter.admit(OTHER_INSTANCE, 1_000))).toBe('none');
  });

  it('rejects calls whose time is over when their turn comes', async () => {
    const counts = counting(new InstanceLimiter(1), 2, 30_000);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(counts).toEqual({ admitted: 1, refused: 1 });
  });

  it('waits without a limit where a call has no time limit', async () => {
    const counts = counting(new InstanceLimiter(1), 3, Infinity);
    await jest.advanceTimersByTimeAsync(120_000);
    expect(counts).toEqual({ admitted: 3, refused: 0 });
  });

  it('refuses calls when a thousand are waiting already', async () => {
    const limiter = new InstanceLimiter(1);
    counting(limiter, 1_001);
    await jest.advanceTimersByTimeAsync(0);
    expect(await codeOf(() => limiter.admit(INSTANCE, 1_000))).toBe('WIX_UNAVAILABLE');
  });
});
