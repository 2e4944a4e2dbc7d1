/** Lets concurrent callers who want the same thing share one attempt. Failures are shared too, and not remembered. */
export class SingleFlight<Value> {
  readonly #inFlight = new Map<string, Promise<Value>>();

  /** Joins the attempt under way for this key, or starts one. */
  run(key: string, start: () => Promise<Value>): Promise<Value> {
    return this.#inFlight.get(key) ?? this.restart(key, start);
  }

  /** Starts an attempt that later callers join, whatever is under way already. */
  restart(key: string, start: () => Promise<Value>): Promise<Value> {
    const attempt: Promise<Value> = start().finally(() => {
      if (this.#inFlight.get(key) === attempt) this.#inFlight.delete(key);
    });
    this.#inFlight.set(key, attempt);
    return attempt;
  }

  /** Makes the next caller for this key start afresh instead of joining what is under way. */
  forget(key: string): void {
    this.#inFlight.delete(key);
  }

  /** The same for every key. */
  forgetAll(): void {
    this.#inFlight.clear();
  }
}
