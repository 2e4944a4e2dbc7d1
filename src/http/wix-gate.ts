import type { AuthEvents } from '../core/auth-events.js';
import type { WixClock } from '../core/clock.js';
import type { WixUnavailableError } from '../core/wix-auth.errors.js';
import { EndpointCircuit, type CircuitFailure } from './limits/endpoint-circuit.js';
import { ThrottledInstallations } from './limits/throttled-installations.js';
import type { WixLane } from './wix-agents.js';

/** The facts that decide whether a request is sent. */
export interface GatedRequest {
  /** Path and query below the API's URL. */
  readonly path: string;
  readonly lane: WixLane;
  /** The installation whose quota it uses; of a token not verified yet, the one it names. */
  readonly instanceId?: string | undefined;
}

/** A request that was let through. */
export interface Passage {
  /** Whether it finds out if an outage is over: then it is sent once. */
  readonly isProbe: boolean;
  /** Wix answered, with any status. */
  succeeded(): void;
  /** It failed, after all attempts. */
  failed(failure: CircuitFailure): void;
  /** Whether another attempt would be refused by now. */
  isClosed(): boolean;
}

/**
 * Holds back what Wix would not answer: requests to an endpoint that is down, and for installations it throttles.
 * Every kind of traffic has a state of its own, so that one which strangers can cause closes nothing for another.
 */
export class WixGate {
  readonly #clock: WixClock;
  readonly #events: AuthEvents;
  readonly #throttled: ThrottledInstallations;
  readonly #circuits = new Map<string, EndpointCircuit>();

  constructor(clock: WixClock, events: AuthEvents) {
    this.#clock = clock;
    this.#events = events;
    this.#throttled = new ThrottledInstallations(clock);
  }

  /** Refuses a request before it waits for its turn. @throws {@link WixUnavailableError} */
  refuseEarly(request: GatedRequest): void {
    const error = this.#throttledError(request) ?? this.#circuitOf(request).refuse();
    if (error !== undefined) throw error;
  }

  /** Lets a request through. @throws {@link WixUnavailableError} */
  enter(request: GatedRequest): Passage {
    const error = this.#throttledError(request);
    if (error !== undefined) throw error;
    const circuit = this.#circuitOf(request);
    const { isProbe } = circuit.enter();
    return {
      isProbe,
      succeeded: () => circuit.succeeded(),
      failed: (failure) => circuit.failed(request.instanceId ?? '', isProbe, failure),
      isClosed: () => circuit.isOpen,
    };
  }

  /** Wix answered 429. */
  noteThrottled({ lane, instanceId = '' }: GatedRequest, retryAfterMs: number | undefined): void {
    this.#throttled.note(lane, instanceId, retryAfterMs);
  }

  #throttledError({ lane, instanceId = '' }: GatedRequest): WixUnavailableError | undefined {
    return this.#throttled.errorFor(lane, instanceId);
  }

  #circuitOf({ path, lane }: GatedRequest): EndpointCircuit {
    const endpoint = path.replace(/\?.*$/s, '');
    const key = `${lane} ${endpoint}`;
    const known = this.#circuits.get(key);
    if (known !== undefined) return known;
    const circuit = new EndpointCircuit({ endpoint, lane }, this.#clock, this.#events);
    this.#circuits.set(key, circuit);
    return circuit;
  }
}
