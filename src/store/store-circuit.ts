import { AuthEvents } from '../core/auth-events.js';
import { CircuitBreaker } from '../core/concurrency/circuit-breaker.js';
import { failureReason } from '../core/failure-reason.js';
import { halfWhileBusy, TimeBudget } from '../core/concurrency/with-timeout.js';

// Slower is as good as away: without the store a process asks Wix itself, and is often faster.
const TRIP_MS = 250;
const OPERATION_MS = 500;
const BREAKER = { failures: 3, firstRetryMs: 1_000, longestRetryMs: 10_000 };

type StoreUse = 'reads' | 'writes' | 'leases';

const SILENT = { onBroken: () => undefined, onRecovered: () => undefined };

/** How long the trips to a store that one operation takes may take together; up to twice as long while we are busy. */
export class StoreBudget extends TimeBudget {
  constructor() {
    super(OPERATION_MS, halfWhileBusy);
  }
}

/**
 * The way to a store that may be away. After three failures on end it is left alone, and tried once in a while: after a
 * second or so, in long outages every ten. Tells when that starts, as long as it lasts, and when it is over.
 */
export class StoreCircuit {
  readonly #reads = this.#breaker('reads');
  readonly #writes = this.#breaker('writes');
  readonly #leases = this.#breaker('leases');
  readonly #erasures = new CircuitBreaker(BREAKER, SILENT);
  readonly #broken = new Set<StoreUse>();
  readonly #events: AuthEvents;
  #brokenSinceMs = 0;

  constructor(events = new AuthEvents()) {
    this.#events = events;
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

  #breaker(use: StoreUse): CircuitBreaker {
    return new CircuitBreaker(BREAKER, {
      onBroken: (error) => this.#onBroken(use, error),
      onRecovered: () => this.#onRecovered(use),
    });
  }

  #onBroken(use: StoreUse, error: unknown): void {
    if (this.#broken.size === 0) this.#brokenSinceMs = performance.now();
    this.#broken.add(use);
    this.#events.emit('storeFailed', {
      store: 'cache',
      reason: failureReason(error),
      sinceMs: this.#brokenSinceMs,
    });
  }

  #onRecovered(use: StoreUse): void {
    this.#broken.delete(use);
    if (this.#broken.size === 0) this.#events.emit('storeRecovered', { store: 'cache' });
  }
}

// Whatever the store does, also throwing before there is a promise, it only costs time.
async function attempt<Value, Otherwise>(
  breaker: CircuitBreaker,
  work: () => Promise<Value>,
  otherwise: Otherwise,
  budget: TimeBudget = new StoreBudget(),
): Promise<Value | Otherwise> {
  // What a spent budget keeps from being tried says nothing about the store.
  if (budget.isSpent) return otherwise;
  try {
    return await breaker.run(() => budget.run(TRIP_MS, work));
  } catch {
    return otherwise;
  }
}
