// Time is counted in so many parts. While the process is too busy to listen a part takes longer, so that what was
// answered in time is not taken for late.
const PARTS = 10;

/** The operation timed out. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * What work comes to within so many milliseconds, counting only time in which this process was able to hear of it.
 * Goes on without it afterwards.
 *
 * @throws {@link TimeoutError} otherwise.
 */
export async function withTimeout<Value>(ms: number, work: () => Promise<Value>): Promise<Value> {
  return new TimeBudget(ms).run(ms, work);
}

/** Time that several steps share, each of which is counted as {@link withTimeout} does. */
export class TimeBudget {
  #leftMs: number;

  constructor(ms: number) {
    this.#leftMs = ms;
  }

  /** Whether nothing is left. */
  get isSpent(): boolean {
    return this.#leftMs <= 0;
  }

  /**
   * What work comes to within the time that is left, and within so many milliseconds.
   *
   * @throws {@link TimeoutError} otherwise.
   */
  async run<Value>(ms: number, work: () => Promise<Value>): Promise<Value> {
    if (this.isSpent) throw new TimeoutError();
    const timeout = timeoutAfter(Math.min(ms, this.#leftMs));
    try {
      return await Promise.race([work(), timeout.promise]);
    } finally {
      this.#leftMs -= timeout.end();
    }
  }
}

interface Timeout {
  readonly promise: Promise<never>;
  /** Ends it, and tells how much of it has passed, in milliseconds. */
  end(): number;
}

function timeoutAfter(ms: number): Timeout {
  let timer: NodeJS.Timeout | undefined;
  let left = PARTS;
  const promise = new Promise<never>((_resolve, reject) => {
    const wait = (): void => {
      if (left === 0) reject(new TimeoutError());
      else timer = setTimeout(pass, ms / PARTS);
    };
    const pass = (): void => {
      left -= 1;
      wait();
    };
    wait();
  });
  const end = (): number => {
    clearTimeout(timer);
    return (ms * (PARTS - left)) / PARTS;
  };
  return { promise, end };
}
