/** How a {@link CircuitBreaker} behaves. */
export interface CircuitBreakerSettings {
  /** After how many failures in a row it opens. */
  readonly failures: number;
  /** After how many milliseconds it is tried again first, about; twice as long after each try that fails. */
  readonly firstRetryMs: number;
  /** How long it is left alone at most. */
  readonly longestRetryMs: number;
}

/** Told what a {@link CircuitBreaker} does. */
export interface CircuitBreakerListener {
  /** It has opened, or a try has failed. */
  onBroken(error: unknown): void;
  /** It works again. */
  onRecovered(): void;
}

/** A {@link CircuitBreaker} did not run the work. */
export class CircuitOpenError extends Error {}

interface Outage {
  readonly retryMs: number;
  readonly retryAtMs: number;
}

/** Stops running what keeps failing, and tries one of it once in a while. */
export class CircuitBreaker {
  readonly #settings: CircuitBreakerSettings;
  readonly #listener: CircuitBreakerListener;
  #failuresInARow = 0;
  #outage: Outage | undefined;
  #isTrying = false;

  constructor(settings: CircuitBreakerSettings, listener: CircuitBreakerListener) {
    this.#settings = settings;
    this.#listener = listener;
  }

  /**
   * What the work comes to.
   *
   * @throws {@link CircuitOpenError} while it is open, also for what comes while another is being tried.
   */
  run<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#outage === undefined) return this.#watched(work);
    if (this.#isTrying || performance.now() < this.#outage.retryAtMs) return Promise.reject(new CircuitOpenError());
    return this.#tried(work);
  }

  async #tried<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#isTrying = true;
    try {
      return await this.#watched(work);
    } finally {
      this.#isTrying = false;
    }
  }

  async #watched<Value>(work: () => Promise<Value>): Promise<Value> {
    const isTry = this.#isTrying;
    try {
      const value = await work();
      this.#succeeded(isTry);
      return value;
    } catch (error) {
      this.#failed(error, isTry);
      throw error;
    }
  }

  // What began before it opened says nothing about now.
  #succeeded(isTry: boolean): void {
    if (this.#outage !== undefined && !isTry) return;
    this.#failuresInARow = 0;
    if (this.#outage === undefined) return;
    this.#outage = undefined;
    this.#listener.onRecovered();
  }

  #failed(error: unknown, isTry: boolean): void {
    if (this.#outage !== undefined && !isTry) return;
    this.#failuresInARow += 1;
    if (this.#failuresInARow < this.#settings.failures) return;
    this.#open();
    this.#listener.onBroken(error);
  }

  #open(): void {
    const { firstRetryMs, longestRetryMs } = this.#settings;
    const retryMs = this.#outage === undefined ? firstRetryMs : Math.min(2 * this.#outage.retryMs, longestRetryMs);
    // At moments a little apart: many processes would all come back to it at once.
    this.#outage = { retryMs, retryAtMs: performance.now() + (0.75 + Math.random() / 4) * retryMs };
  }
}
