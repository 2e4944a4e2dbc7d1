import { ownCopyOf } from '../values/own-copy.js';

/**
 * Lets concurrent callers who want the same thing share one attempt. A failure is shared too, as a copy for each caller,
 * and not remembered.
 */
export class SingleFlight<Value> {
  readonly #inFlight = new Map<string, Promise<Value>>();

  /** Joins the attempt in progress for this key, or starts one. */
  run(key: string, start: () => Promise<Value>): Promise<Value> {
    const inFlight = this.#inFlight.get(key);
    return inFlight === undefined ? this.restart(key, start) : joined(inFlight);
  }

  /** Starts a new attempt, which later callers join. */
  restart(key: string, start: () => Promise<Value>): Promise<Value> {
    const attempt: Promise<Value> = start().finally(() => {
      if (this.#inFlight.get(key) === attempt) this.#inFlight.delete(key);
    });
    this.#inFlight.set(key, attempt);
    return joined(attempt);
  }

  /** Makes the next caller for this key start a new attempt instead of joining the current one. */
  forget(key: string): void {
    this.#inFlight.delete(key);
  }

  /** The same for every key. */
  forgetAll(): void {
    this.#inFlight.clear();
  }
}

const joined = <Value>(attempt: Promise<Value>): Promise<Value> =>
  attempt.catch((error: unknown) => {
    throw ownCopyOf(error);
  });
