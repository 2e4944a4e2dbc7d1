import { retryAfterHeader, retryAfterMs } from '../../../../src/http/limits/retry-after.js';

const NOW_MS = Date.parse('2026-11-23T12:00:00.000Z');

describe('retryAfterMs', () => {
  it.each([
    ['2', 2_000],
    ['0', 0],
    ['1.5', 1_500],
    ['007', 7_000],
    ['1000000000000000000000', 1e24],
    ['Mon, 23 Nov 2026 12:00:30 GMT', 30_000],
    ['Mon, 23 Nov 2026 11:00:00 GMT', 0],
  ])('reads %j as %d ms', (header, ms) => {
    expect(retryAfterMs(header, NOW_MS)).toBe(ms);
  });

  it.each([undefined, null, '', ' ', 'soon', 'Infinity', '-3', '1e+21', '1e3', '0x10', 7, ['2']])(
    'reads nothing from %j',
    (header) => {
      expect(retryAfterMs(header, NOW_MS)).toBeUndefined();
    },
  );
});

describe('retryAfterHeader', () => {
  it.each([
    [0, '0'],
    [1, '1'],
    [1_000, '1'],
    [1_001, '2'],
    [3_599_500, '3600'],
    [3_600_001, '3600'],
    [1e24, '3600'],
  ])('sends %d ms as whole seconds, at most an hour: %s', (waitMs, header) => {
    expect(retryAfterHeader(waitMs)).toBe(header);
  });

  it.each([undefined, -1, NaN, Infinity, -Infinity])('omits it for %p', (waitMs) => {
    expect(retryAfterHeader(waitMs)).toBeUndefined();
  });
});
