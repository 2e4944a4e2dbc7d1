import { performance } from 'node:perf_hooks';

// Time is counted in so many parts. While the process is too busy to listen a part takes longer, so that what was
// answered in time is not taken for late.
const PARTS = 10;

/** The operation timed out. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * The result of work within so many milliseconds, counting only time in which this process was able to receive it. The work
 * itself is not canceled.
 *
 * @throws {@link TimeoutError} otherwise.
 */
export async function withTimeout<Value>(ms: number, work: () => Promise<Value>): Promise<Value> {
  return new TimeBudget(ms).run(ms, work);
}

/**
 * The result of work, or `undefined` after so many milliseconds by the clock. Unlike {@link withTimeout} it never throws for
 * the time, which another party set (Wix, the platform) and which passes whether or not this process is busy.
 */
export async function settledWithin<Value>(ms: number, work: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Tells, after each part of waiting, what it counts. */
type Weigh = () => number;

const FULL: Weigh = () => 1;
const MOSTLY = 0.5;
const HALF = 0.5;

/** Counts half while this process itself was busy: then it may be what is slow, and not what it waits for. */
export function halfWhileBusy(): Weigh {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization > MOSTLY ? HALF : 1;
  };
}

/** Time that several steps share, each of which is counted as {@link withTimeout} does. Steps at once count once. */
export class TimeBudget {
  #leftMs: number;
  readonly #weighing: () => Weigh;
  #running = 0;
  #longestMs = 0;

  /** @param weighing what parts of the time count. @default all the same */
  constructor(ms: number, weighing: () => Weigh = () => FULL) {
    this.#leftMs = ms;
    this.#weighing = weighing;
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
    const timeout = timeoutAfter(Math.min(ms, this.#leftMs), this.#weighing());
    this.#running += 1;
    try {
      return await Promise.race([work(), timeout.promise]);
    } finally {
      this.#spend(timeout.end());
    }
  }

  #spend(ms: number): void {
    this.#running -= 1;
    this.#longestMs = Math.max(this.#longestMs, ms);
    if (this.#running > 0) return;
    this.#leftMs -= this.#longestMs;
    this.#longestMs = 0;
  }
}

interface Timeout {
  readonly promise: Promise<never>;
  /** Ends it, and tells how much of it has passed, in milliseconds. */
  end(): number;
}

function timeoutAfter(ms: number, weigh: Weigh): Timeout {
  let timer: NodeJS.Timeout | undefined;
  let passed = 0;
  const promise = new Promise<never>((_resolve, reject) => {
    const wait = (): void => {
      if (passed >= PARTS) reject(new TimeoutError());
      else timer = setTimeout(pass, ms / PARTS);
    };
    const pass = (): void => {
      passed += weigh();
      wait();
    };
    wait();
  });
  const end = (): number => {
    clearTimeout(timer);
    return (ms * Math.min(passed, PARTS)) / PARTS;
  };
  return { promise, end };
}
