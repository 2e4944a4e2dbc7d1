import type { EmulatorFault } from '../../faults.js';
import type { FaultKind, FaultKindView, FaultView } from '../console-api.js';

/** How long `slow` takes, in milliseconds, unless said otherwise. */
const DEFAULT_DELAY_MS = 3_000;
/** What `Retry-After` says, in seconds, unless said otherwise. */
const DEFAULT_RETRY_AFTER_SECONDS = 5;

/** The kinds of faults, in the order of the page's columns. */
export const faultKinds: readonly FaultKindView[] = [
  { kind: 'slow', title: 'Slow' },
  { kind: 'hang', title: 'No answer' },
  { kind: 'throttled', title: '429' },
  { kind: 'throttled-with-retry-after', title: '429 with Retry-After' },
  { kind: 'error-500', title: '500' },
  { kind: 'html', title: 'HTML page' },
  { kind: 'empty', title: 'Empty 403' },
  { kind: 'malformed', title: 'Cut-off JSON' },
  { kind: 'reset', title: 'Reset' },
  { kind: 'reset-mid-body', title: 'Reset in the body' },
];

/** What the emulator does for a fault of the page. */
export function emulatorFault({ kind, method, times, delayMs, retryAfterSeconds }: FaultView): EmulatorFault {
  const what = faultOf(kind, delayMs ?? DEFAULT_DELAY_MS, retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS);
  return { ...what, method: method ?? undefined, times: times ?? undefined };
}

function faultOf(kind: FaultKind, delayMs: number, retryAfterSeconds: number): EmulatorFault {
  switch (kind) {
    case 'slow':
      return { delayMs };
    case 'hang':
      return { hang: true };
    case 'throttled':
      return { status: 429 };
    case 'throttled-with-retry-after':
      return { status: 429, headers: { 'retry-after': retryAfterSeconds.toString() } };
    case 'error-500':
      return { status: 500 };
    case 'html':
      return { html: true };
    case 'empty':
      return { empty: true };
    case 'malformed':
      return { malformed: true };
    case 'reset':
      return { reset: true };
    case 'reset-mid-body':
      return { resetMidBody: true };
  }
}
