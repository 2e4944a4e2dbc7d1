interface Work {
  readonly name: () => string;
  readonly reject: (error: Error) => void;
}

/** Tracks work in progress, so that a shutdown can wait for it, and cancel and name what is left. */
export class WorkInProgress {
  readonly #works = new Set<Work>();
  #waiting: (() => void)[] = [];

  /** Runs work and tracks it until it settles or is canceled. @param name in words for the log. */
  run<Value>(name: () => string, work: () => Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      const entry = { name, reject };
      this.#works.add(entry);
      // Also when it throws before there is a promise.
      new Promise<Value>((begin) => begin(work())).then(resolve, reject).finally(() => this.#end(entry));
    });
  }

  /** Resolves when no work is in progress. */
  idle(): Promise<void> {
    if (this.#works.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Rejects everything in progress now, whatever becomes of it. Returns the names. */
  cutOff(reason: () => Error): readonly string[] {
    const works = [...this.#works];
    for (const work of works) {
      work.reject(reason());
      this.#end(work);
    }
    return works.map(({ name }) => name());
  }

  #end(work: Work): void {
    this.#works.delete(work);
    if (this.#works.size > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
