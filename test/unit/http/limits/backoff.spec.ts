import { jest } from '@jest/globals';

import { backoffMs } from '../../../../src/http/limits/backoff.js';

describe('backoffMs', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('waits as long as requested', () => {
    expect(backoffMs(1, 1_234)).toBe(1_234);
    expect(backoffMs(1, 0)).toBe(0);
  });

  it('spreads over the whole of a window that doubles up to a bound', () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.5);
    expect([1, 2, 3, 10].map((attempt) => backoffMs(attempt))).toEqual([100, 200, 400, 1_000]);

    jest.spyOn(Math, 'random').mockReturnValue(0);
    expect(backoffMs(3)).toBe(0);
  });
});
