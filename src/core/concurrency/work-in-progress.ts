interface Work {
  readonly name: () => string;
  readonly reject: (error: Error) => void;
}

/** Keeps account of work that is under way, so that a shutdown can wait for it, and cut off and name what is left. */
export class WorkInProgress {
  readonly #works = new Set<Work>();
  #waiting: (() => void)[] = [];

  /** Runs work, which counts as under way until it has settled or is cut off. @param name in words for the log. */
  run<Value>(name: () => string, work: () => Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      const entry = { name, reject };
      this.#works.add(entry);
      // Also when it throws before there is a promise.
      new Promise<Value>((begin) => begin(work())).then(resolve, reject).finally(() => this.#end(entry));
    });
  }

  /** Resolves as soon as nothing is under way. */
  idle(): Promise<void> {
    if (this.#works.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Lets everything that is under way fail now, whatever becomes of it. Returns what that was. */
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
