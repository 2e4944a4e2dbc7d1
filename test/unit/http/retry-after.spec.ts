import { retryAfterMs } from '../../../src/http/retry-after.js';

const NOW_MS = Date.parse('2026-11-23T12:00:00.000Z');

describe('retryAfterMs', () => {
  it.each([
    ['2', 2_000],
    ['0', 0],
    ['1.5', 1_500],
    ['-3', 0],
    ['Mon, 23 Nov 2026 12:00:30 GMT', 30_000],
    ['Mon, 23 Nov 2026 11:00:00 GMT', 0],
  ])('reads %j as %d ms', (header, ms) => {
    expect(retryAfterMs(header, NOW_MS)).toBe(ms);
  });

  it.each([undefined, null, '', ' ', 'soon', 'Infinity', 7, ['2']])('reads nothing from %j', (header) => {
    expect(retryAfterMs(header, NOW_MS)).toBeUndefined();
  });
});
