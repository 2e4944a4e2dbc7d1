import { backoffMs } from '../../http/limits/backoff.js';

/** What decides whether a call may be sent again. */
export interface Repeatable {
  /** In lower case, as axios writes it. */
  readonly method?: string;
  readonly data?: unknown;
  readonly retry?: unknown;
}

/** Why a call failed, in what matters for sending it again. */
export interface Setback {
  /** The status, or `undefined` when no answer came. */
  readonly status: number | undefined;
  /** What Wix asked for. */
  readonly retryAfterMs: number | undefined;
}

const MAX_RETRIES = 3;
const IDEMPOTENT = new Set(['get', 'head', 'options', 'put', 'delete']);
const PASSING = new Set([429, 502, 503, 504]);

/** Whether the body can be sent a second time. */
export const isReplayable = (data: unknown): boolean =>
  typeof data !== 'object' || data === null || !('pipe' in data && typeof data.pipe === 'function');

/** How long to wait before the call is sent again, in milliseconds; `undefined` when it must not be. */
export function waitBeforeRetry(
  call: Repeatable,
  { status, retryAfterMs }: Setback,
  retry: number,
): number | undefined {
  const isPassing = status === undefined || PASSING.has(status);
  return isPassing && mayRepeat(call) && retry <= MAX_RETRIES ? backoffMs(retry, retryAfterMs) : undefined;
}

function mayRepeat({ method = 'get', retry, data }: Repeatable): boolean {
  if (retry === 'never' || !isReplayable(data)) return false;
  return retry === 'always' || IDEMPOTENT.has(method);
}
