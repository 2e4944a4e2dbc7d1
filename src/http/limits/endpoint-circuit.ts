import type { AuthEvents } from '../../core/auth-events.js';
import type { WixClock } from '../../core/clock.js';
import { WixUnavailableError } from '../../core/wix-auth.errors.js';

/** One endpoint of Wix, for one kind of traffic. */
export interface CircuitSubject {
  /** Its path, without a query. */
  readonly endpoint: string;
  readonly lane: string;
}

/** A request that failed although it was a proper one: network fault, timeout, 429, 5xx, or an unreadable answer. */
export interface CircuitFailure {
  /** The reason, safe to log. */
  readonly reason: string;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
}

interface Outage {
  readonly sinceMs: number;
  readonly probeDelayMs: number;
  readonly probeAtMs: number;
  readonly isProbing: boolean;
}

const FAILURES_TO_OPEN = 5;
const INSTALLATIONS_TO_OPEN = 3;
const FIRST_PROBE_MS = 1_000;
const LONGEST_PROBE_MS = 5_000;
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * Stops requests to an endpoint that fails for all: after 5 failures in a row of at least 3 installations. One request
 * at a time is let through from then on, a second and later five apart, and the first that is answered ends it.
 */
export class EndpointCircuit {
  readonly #subject: CircuitSubject;
  readonly #clock: WixClock;
  readonly #events: AuthEvents;
  readonly #failedFor = new Set<string>();
  #failures = 0;
  #refused = 0;
  #outage: Outage | undefined;

  constructor(subject: CircuitSubject, clock: WixClock, events: AuthEvents) {
    this.#subject = subject;
    this.#clock = clock;
    this.#events = events;
  }

  /** Whether there is an outage. */
  get isOpen(): boolean {
    return this.#outage !== undefined;
  }

  /** Whether a request would be refused, so that it need not be queued. Counts as refused. */
  refuse(): WixUnavailableError | undefined {
    const outage = this.#outage;
    if (outage === undefined || (!outage.isProbing && this.#clock.nowMs() >= outage.probeAtMs)) return undefined;
    this.#refused += 1;
    return unavailable(this.#subject, Math.max(outage.probeAtMs - this.#clock.nowMs(), FIRST_PROBE_MS));
  }

  /**
   * Lets a request through. Returns whether it is the one that tests whether the outage is over.
   *
   * @throws {@link WixUnavailableError} while there is an outage.
   */
  enter(): { readonly isProbe: boolean } {
    const error = this.refuse();
    if (error !== undefined) throw error;
    if (this.#outage === undefined) return { isProbe: false };
    this.#outage = { ...this.#outage, isProbing: true };
    return { isProbe: true };
  }

  /** A request was answered, whatever the answer said. */
  succeeded(): void {
    this.#failures = 0;
    this.#failedFor.clear();
    if (this.#outage === undefined) return;
    const lastedMs = this.#clock.nowMs() - this.#outage.sinceMs;
    this.#events.emit('circuitClosed', { ...this.#subject, lastedMs, refused: this.#refused });
    this.#outage = undefined;
    this.#refused = 0;
  }

  /** A request failed. */
  failed(installation: string, isProbe: boolean, failure: CircuitFailure): void {
    if (this.#outage === undefined) this.#count(installation, failure);
    else if (isProbe) this.#probeLater(this.#outage, failure);
  }

  #count(installation: string, failure: CircuitFailure): void {
    this.#failures += 1;
    if (this.#failedFor.size < INSTALLATIONS_TO_OPEN) this.#failedFor.add(installation);
    if (this.#failures < FAILURES_TO_OPEN || this.#failedFor.size < INSTALLATIONS_TO_OPEN) return;
    const nowMs = this.#clock.nowMs();
    const probeAtMs = nowMs + delayMs(FIRST_PROBE_MS, failure);
    this.#outage = { sinceMs: nowMs, probeDelayMs: FIRST_PROBE_MS, probeAtMs, isProbing: false };
    const { reason, requestId } = failure;
    this.#events.emit('circuitOpened', { ...this.#subject, reason, requestId });
  }

  #probeLater({ sinceMs, probeDelayMs }: Outage, failure: CircuitFailure): void {
    const doubledMs = Math.min(2 * probeDelayMs, LONGEST_PROBE_MS);
    const probeAtMs = this.#clock.nowMs() + delayMs(doubledMs, failure);
    this.#outage = { sinceMs, probeDelayMs: doubledMs, probeAtMs, isProbing: false };
    this.#refused += 1;
  }
}

const delayMs = (ownMs: number, { retryAfterMs = 0 }: CircuitFailure): number =>
  Math.max(ownMs, Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS));

const unavailable = ({ endpoint }: CircuitSubject, retryAfterMs: number): WixUnavailableError =>
  new WixUnavailableError(`Wix has not been answering ${endpoint}; it is asked again in a moment.`, {
    retryAfterMs,
    isOutage: true,
  });
