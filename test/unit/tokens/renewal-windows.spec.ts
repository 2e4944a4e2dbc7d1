import { isFresh, tokenLife, type RenewalSettings } from '../../../src/tokens/renewal-windows.js';

const SETTINGS: RenewalSettings = { leewayMs: 60_000, refreshAheadMs: 300_000 };
const HOUR_MS = 3_600_000;

describe('tokenLife', () => {
  it('has the two windows of the settings', () => {
    expect(tokenLife(0, 4 * HOUR_MS, SETTINGS)).toEqual({
      sinceMs: 0,
      renewFromMs: 4 * HOUR_MS - 300_000,
      staleFromMs: 4 * HOUR_MS - 60_000,
      expiresAtMs: 4 * HOUR_MS,
    });
  });

  it('shortens them for short lives: renewed after half, returned for three quarters', () => {
    expect(tokenLife(0, 60_000, SETTINGS)).toMatchObject({ renewFromMs: 30_000, staleFromMs: 45_000 });
  });

  it('returns tokens until their end where the settings say so', () => {
    const life = tokenLife(0, HOUR_MS, { leewayMs: 0, refreshAheadMs: 0 });

    expect(life).toMatchObject({ renewFromMs: HOUR_MS, staleFromMs: HOUR_MS });
  });
});

describe('isFresh', () => {
  const life = tokenLife(0, 4 * HOUR_MS, SETTINGS);

  it('ends when the leeway begins', () => {
    expect(isFresh(life, life.staleFromMs - 1)).toBe(true);
    expect(isFresh(life, life.staleFromMs)).toBe(false);
  });

  it('requires the requested time to remain', () => {
    expect(isFresh(life, 3 * HOUR_MS, HOUR_MS)).toBe(true);
    expect(isFresh(life, 3 * HOUR_MS + 1, HOUR_MS)).toBe(false);
  });

  it('limits a demand to half of the life, so that a new token always meets it', () => {
    expect(isFresh(life, 0, 100 * HOUR_MS)).toBe(true);
    expect(isFresh(life, 2 * HOUR_MS, Infinity)).toBe(true);
    expect(isFresh(life, 2 * HOUR_MS + 1, Infinity)).toBe(false);
  });

  it.each([NaN, -1])('ignores a meaningless demand (%d)', (minValidityMs) => {
    expect(isFresh(life, 0, minValidityMs)).toBe(true);
    expect(isFresh(life, life.staleFromMs, minValidityMs)).toBe(false);
  });

  it.each([1, 1_000, 60_000, 300_000, 4 * HOUR_MS])('is true of a token that was just obtained (%d ms)', (lifeMs) => {
    expect(isFresh(tokenLife(0, lifeMs, SETTINGS), 0, Infinity)).toBe(true);
  });
});
