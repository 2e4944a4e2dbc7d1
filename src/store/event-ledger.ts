import { COPY, thisCopy } from '../core/marks.js';

/** What a claim found: the work is the caller's now, is done already, or is being done by another process. */
export type EventClaim = 'claimed' | 'done' | 'in-progress';

/**
 * Remembers which handler has handled which event, so that a resend by Wix runs only what failed or was cut off.
 *
 * One entry per event and handler, under a key of at most 64 printable ASCII characters. Extend it over a database or
 * Redis when several processes receive webhooks of one app, and provide it in place of this class. An operation that
 * fails must throw: not knowing is answered 503, and Wix asks again.
 */
export abstract class EventLedger {
  /** @internal */
  static readonly [COPY] = thisCopy;

  /**
   * Whether other processes see what is remembered here. Where the cache is shared and this is not, a warning stands in
   * the log at start-up.
   *
   * @default true
   */
  readonly isShared: boolean = true;

  /**
   * Takes the work unless it is done or an unexpired claim to it exists; atomically, so that of several callers
   * only one gets `'claimed'`. The claim ends by itself after `leaseMs`, as when the process dies.
   */
  abstract claim(key: string, claimant: string, leaseMs: number): Promise<EventClaim>;

  /** Lets a claim end `leaseMs` from now, if it is still this claimant's. */
  abstract renew(key: string, claimant: string, leaseMs: number): Promise<void>;

  /** Remembers for `keepMs` that the work is done, even if another process holds the claim by now. */
  abstract complete(key: string, keepMs: number): Promise<void>;

  /** Gives a claim back because the work failed, if it is still this claimant's. */
  abstract release(key: string, claimant: string): Promise<void>;
}
