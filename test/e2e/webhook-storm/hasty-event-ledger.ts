import { EventLedger, type EventClaim } from '../../../src/store/event-ledger.js';

/**
 * A ledger whose claims run out ten times faster than they should, so that a claim of thirty seconds ends after three,
 * and show which process made them.
 */
export class HastyEventLedger extends EventLedger {
  readonly #ledger: EventLedger;
  readonly #processName: string;

  constructor(ledger: EventLedger, processName: string) {
    super();
    this.#ledger = ledger;
    this.#processName = processName;
  }

  override claim(key: string, claimant: string, leaseMs: number): Promise<EventClaim> {
    return this.#ledger.claim(key, this.#nameOf(claimant), leaseMs / 10);
  }

  override renew(key: string, claimant: string, leaseMs: number): Promise<void> {
    return this.#ledger.renew(key, this.#nameOf(claimant), leaseMs / 10);
  }

  override complete(key: string, keepMs: number): Promise<void> {
    return this.#ledger.complete(key, keepMs);
  }

  override release(key: string, claimant: string): Promise<void> {
    return this.#ledger.release(key, this.#nameOf(claimant));
  }

  #nameOf(claimant: string): string {
    return `${this.#processName}/${claimant}`;
  }
}
