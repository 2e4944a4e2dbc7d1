import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleAll,
  type CircuitBreakerPolicy,
} from 'cockatiel';

import { AuthEvents } from '../core/auth-events.js';
import { failureReason } from '../core/failure-reason.js';
import { halfWhileBusy, TimeBudget } from '../core/concurrency/with-timeout.js';

// A slower store counts as down: asking Wix is then often faster.
const TRIP_MS = 250;
const OPERATION_MS = 500;
const FAILURES_TO_GIVE_UP = 3;
const TRY_AGAIN_AFTER_MS = { initialDelay: 1_000, maxDelay: 10_000 };

/** How long the trips to a store that one operation takes may take together; up to twice as long while we are busy. */
export class StoreBudget extends TimeBudget {
  constructor() {
    super(OPERATION_MS, halfWhileBusy);
  }
}

/**
 * The way to a store that may be away. After three failures on end it is left alone, and tried once in a while: after a
 * second or so, in long outages every ten. Emits events when that starts, while it lasts, and when it is over.
 */
export class StoreCircuit {
  readonly #reads = breaker();
  readonly #writes = breaker();
  readonly #erasures = breaker();
  readonly #leases = breaker();
  readonly #broken = new Set<CircuitBreakerPolicy>();
  readonly #events: AuthEvents;
  #brokenSinceMs = 0;

  constructor(events = new AuthEvents()) {
    this.#events = events;
    for (const way of [this.#reads, this.#writes, this.#leases]) {
      way.onBreak((failure) => this.#broke(way, 'error' in failure ? failure.error : undefined));
      way.onReset(() => this.#recovered(way));
    }
  }

  /** What a reading of the store comes to, or `otherwise` when it fails or takes longer than a quarter of a second. */
  read<Value, Otherwise>(
    work: () => Promise<Value>,
    otherwise: Otherwise,
    budget?: TimeBudget,
  ): Promise<Value | Otherwise> {
    return attempt(this.#reads, work, otherwise, budget);
  }

  /** The same for what changes the store: one that is full or a replica can still be read. */
  write<Value, Otherwise>(
    work: () => Promise<Value>,
    otherwise: Otherwise,
    budget?: TimeBudget,
  ): Promise<Value | Otherwise> {
    return attempt(this.#writes, work, otherwise, budget);
  }

  /** The same for leases, which a store may refuse whatever else it does. */
  lease<Value, Otherwise>(
    work: () => Promise<Value>,
    otherwise: Otherwise,
    budget?: TimeBudget,
  ): Promise<Value | Otherwise> {
    return attempt(this.#leases, work, otherwise, budget);
  }

  /** The same for what makes room: a store that is full can still erase, which says nothing about other writing. */
  erase(work: () => Promise<unknown>): Promise<unknown> {
    return attempt(this.#erasures, work, undefined);
  }

  /** Writes what others count on, also while the store is left alone: what is forgotten, and what lease holders found. */
  async writeAnyway(work: () => Promise<unknown>, budget?: TimeBudget): Promise<void> {
    let tries = 0;
    const attempted = (): Promise<unknown> => {
      tries += 1;
      return work();
    };
    await attempt(this.#writes, attempted, undefined, budget);
    if (tries === 0) await this.insist(work, budget);
  }

  /** Runs what other processes depend on even while the store is down: messages, and returned leases. */
  async insist(work: () => Promise<unknown>, budget: TimeBudget = new StoreBudget()): Promise<void> {
    // Where there is no time left it is sent all the same, and not waited for.
    if (budget.isSpent) work().catch(() => undefined);
    else await budget.run(TRIP_MS, work).catch(() => undefined);
  }

  #broke(way: CircuitBreakerPolicy, error: unknown): void {
    if (this.#broken.size === 0) this.#brokenSinceMs = performance.now();
    this.#broken.add(way);
    this.#events.emit('storeFailed', {
      store: 'cache',
      reason: failureReason(error),
      sinceMs: this.#brokenSinceMs,
    });
  }

  #recovered(way: CircuitBreakerPolicy): void {
    this.#broken.delete(way);
    if (this.#broken.size === 0) this.#events.emit('storeRecovered', { store: 'cache' });
  }
}

const breaker = (): CircuitBreakerPolicy =>
  circuitBreaker(handleAll, {
    halfOpenAfter: new ExponentialBackoff(TRY_AGAIN_AFTER_MS),
    breaker: new ConsecutiveBreaker(FAILURES_TO_GIVE_UP),
  });

// Whatever the store does, even throwing synchronously, it only costs time.
async function attempt<Value, Otherwise>(
  way: CircuitBreakerPolicy,
  work: () => Promise<Value>,
  otherwise: Otherwise,
  budget: TimeBudget = new StoreBudget(),
): Promise<Value | Otherwise> {
  // What a spent budget keeps from being tried says nothing about the store.
  if (budget.isSpent) return otherwise;
  // One tries; the others do not wait for the result.
  if (way.state === CircuitState.HalfOpen) return otherwise;
  try {
    return await way.execute(() => budget.run(TRIP_MS, work));
  } catch {
    return otherwise;
  }
}
