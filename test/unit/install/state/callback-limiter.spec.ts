import { jest } from '@jest/globals';

import { CallbackLimiter, type CallbackProof } from '../../../../src/install/state/callback-limiter.js';
import { codeOf } from '../../../support/code-of.js';

const PER_SECOND = 10;
const MAX_PENDING = 32;

describe('CallbackLimiter', () => {
  let limiter: CallbackLimiter;
  const run = (proof: CallbackProof): Promise<unknown> => codeOf(() => limiter.run(proof, () => Promise.resolve()));

  beforeEach(() => {
    jest.useFakeTimers();
    limiter = new CallbackLimiter();
  });
  afterEach(() => void jest.useRealTimers());

  it('admits a limited number per second, and again in the next', async () => {
    for (let count = 0; count < PER_SECOND; count += 1) expect(await run('code')).toBe('none');
    expect(await run('code')).toBe('WIX_UNAVAILABLE');
    jest.advanceTimersByTime(1_000);
    expect(await run('code')).toBe('none');
  });

  it('reserves capacity for what Wix signed, whatever else comes', async () => {
    for (let count = 0; count < 3 * PER_SECOND; count += 1) await Promise.all([run('code'), run('none')]);
    expect(await run('signature')).toBe('none');
  });

  it('limits how many wait at a time', async () => {
    const never = new Promise<never>(() => undefined);
    for (let count = 0; count < MAX_PENDING; count += 1) {
      if (count % PER_SECOND === 0) await jest.advanceTimersByTimeAsync(1_000);
      void limiter.run('code', () => never);
    }
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await run('code')).toBe('WIX_UNAVAILABLE');
  });
});
