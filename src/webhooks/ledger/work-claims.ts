import { randomUUID } from 'node:crypto';

import type { AuthEvents } from '../../core/auth-events.js';
import { failureReason } from '../../core/failure-reason.js';
import type { EventLedger } from '../../store/event-ledger.js';

const LEASE_MS = 30_000;
const RENEW_EVERY_MS = 10_000;

/** The result of claiming a piece of work: a claim to it, or why there is none. */
export type TakenWork = WorkClaim | 'done' | 'in-progress' | 'unavailable';

/** Claims to pieces of work in an {@link EventLedger}. A ledger that fails is reported, never thrown. */
export class WorkClaims {
  readonly #ledger: EventLedger;
  readonly #events: AuthEvents;
  readonly #keepDoneMs: number;
  #failures = 0;

  /** @param keepDoneMs how many milliseconds finished work is remembered. */
  constructor(ledger: EventLedger, events: AuthEvents, keepDoneMs: number) {
    this.#ledger = ledger;
    this.#events = events;
    this.#keepDoneMs = keepDoneMs;
  }

  /** Takes a piece of work; `'unavailable'` when the ledger cannot tell whose it is. */
  async take(key: string): Promise<TakenWork> {
    const claimant = randomUUID();
    const claim = await this.#attempt(() => this.#ledger.claim(key, claimant, LEASE_MS));
    if (claim === undefined) this.#takeBack(key, claimant);
    return claim === 'claimed' ? this.#held(key, claimant) : (claim ?? 'unavailable');
  }

  // A failed claim may have been stored all the same, or be stored when the connection is back: it would block all
  // processes until its lease ends.
  #takeBack(key: string, claimant: string): void {
    void Promise.resolve()
      .then(() => this.#ledger.release(key, claimant))
      .catch(() => undefined);
  }

  #held(key: string, claimant: string): WorkClaim {
    const ledger = this.#ledger;
    return new WorkClaim({
      renew: () => this.#attempt(() => ledger.renew(key, claimant, LEASE_MS)),
      complete: () => this.#attempt(() => done(ledger.complete(key, this.#keepDoneMs))),
      release: () => this.#attempt(() => ledger.release(key, claimant)),
    });
  }

  async #attempt<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
    try {
      const value = await work();
      this.#answered();
      return value;
    } catch (error) {
      this.#failures += 1;
      this.#events.emit('ledgerFailed', { reason: failureReason(error) });
      return undefined;
    }
  }

  #answered(): void {
    if (this.#failures > 0) this.#events.emit('ledgerRecovered', { failures: this.#failures });
    this.#failures = 0;
  }
}

const done = (work: Promise<void>): Promise<true> => work.then(() => true);

interface ClaimSteps {
  renew(): Promise<unknown>;
  complete(): Promise<true | undefined>;
  release(): Promise<unknown>;
}

/** A claim to a piece of work, renewed until it is completed or given back. */
export class WorkClaim {
  readonly #steps: ClaimSteps;
  readonly #renewal: NodeJS.Timeout;

  constructor(steps: ClaimSteps) {
    this.#steps = steps;
    this.#renewal = setInterval(() => void steps.renew(), RENEW_EVERY_MS).unref();
  }

  /** Records that the work is done. `false` when that could not be recorded. */
  async complete(): Promise<boolean> {
    clearInterval(this.#renewal);
    return (await this.#steps.complete()) ?? false;
  }

  /** Gives the work back for the next process. */
  async release(): Promise<void> {
    clearInterval(this.#renewal);
    await this.#steps.release();
  }
}
