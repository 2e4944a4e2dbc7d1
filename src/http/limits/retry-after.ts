const LONGEST_SENT_S = 3_600;

/**
 * A `Retry-After` header (seconds or a date) in milliseconds from now, or `undefined` when it is unreadable or negative.
 * A date in the past is 0.
 */
export function retryAfterMs(header: unknown, nowMs: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  if (/^\s*\d+(?:\.\d+)?\s*$/.test(header)) return Number(header) * 1_000;
  // Date.parse accepts almost anything, such as "-5" and "1e3": a date with a time has a colon.
  const ms = header.includes(':') ? Date.parse(header) - nowMs : NaN;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/**
 * The `Retry-After` header to send for a wait: whole seconds, rounded up, at most an hour. `undefined`: send none, because
 * the wait is unknown, negative or not a number.
 */
export const retryAfterHeader = (waitMs: number | undefined): string | undefined =>
  waitMs !== undefined && Number.isFinite(waitMs) && waitMs >= 0
    ? String(Math.min(Math.ceil(waitMs / 1_000), LONGEST_SENT_S))
    : undefined;
