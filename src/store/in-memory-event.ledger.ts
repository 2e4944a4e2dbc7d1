import type { OnModuleInit } from '@nestjs/common';
import { BoundedCache } from '../core/bounded-cache.js';
import { AuthEvents } from '../core/auth-events.js';
import type { WixClock } from '../core/clock.js';
import { EventLedger, type EventClaim } from './event-ledger.js';

const MAX_DONE = 100_000;

interface Claim {
  readonly claimant: string;
  readonly untilMs: number;
}

/**
 * Remembers in this process what became of the latest 100,000 pieces of work. Several processes behind one address
 * need a ledger they share, or a resend that reaches another one runs handlers again.
 */
export class InMemoryEventLedger extends EventLedger implements OnModuleInit {
  override readonly isShared: boolean = false;
  readonly #clock: WixClock;
  readonly #serves: 'webhooks' | 'digests';
  readonly #events: AuthEvents;
  readonly #claims = new Map<string, Claim>();
  readonly #doneUntilMs: BoundedCache<string, number>;

  /**
   * @param maxDone how much finished work is remembered; the oldest is forgotten first.
   * @param serves what it is there for: without webhooks, digests that count once.
   */
  constructor(
    clock: WixClock,
    maxDone = MAX_DONE,
    serves: 'webhooks' | 'digests' = 'webhooks',
    events = new AuthEvents(),
  ) {
    super();
    this.#clock = clock;
    this.#serves = serves;
    this.#events = events;
    this.#doneUntilMs = new BoundedCache({ max: maxDone });
  }

  onModuleInit(): void {
    if (this.#serves === 'webhooks') this.#events.emit('ledgerInMemory', {});
  }

  // Nothing is awaited inside these, so each is atomic.
  override claim(key: string, claimant: string, leaseMs: number): Promise<EventClaim> {
    const nowMs = this.#clock.nowMs();
    if ((this.#doneUntilMs.get(key) ?? 0) > nowMs) return Promise.resolve('done');
    if ((this.#claims.get(key)?.untilMs ?? 0) > nowMs) return Promise.resolve('in-progress');
    this.#claims.set(key, { claimant, untilMs: nowMs + leaseMs });
    return Promise.resolve('claimed');
  }

  override renew(key: string, claimant: string, leaseMs: number): Promise<void> {
    if (this.#claims.get(key)?.claimant === claimant) {
      this.#claims.set(key, { claimant, untilMs: this.#clock.nowMs() + leaseMs });
    }
    return Promise.resolve();
  }

  override complete(key: string, keepMs: number): Promise<void> {
    this.#claims.delete(key);
    this.#doneUntilMs.set(key, this.#clock.nowMs() + keepMs);
    return Promise.resolve();
  }

  override release(key: string, claimant: string): Promise<void> {
    if (this.#claims.get(key)?.claimant === claimant) this.#claims.delete(key);
    return Promise.resolve();
  }
}
