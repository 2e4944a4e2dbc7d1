import type { Job } from 'bullmq';

interface HandedOut {
  readonly job: Job;
  readonly token: string;
}

/** The jobs that this process has and that have no verdict yet. */
export class HandedOutJobs {
  readonly #jobs = new Set<HandedOut>();
  readonly #givenBack = new WeakSet<Job>();

  /** Whether the process takes no more. One may be on its way all the same. */
  isStopping = false;

  /** Whether there is none. */
  get isEmpty(): boolean {
    return this.#jobs.size === 0;
  }

  /** Counts a job for as long as work on it goes on. */
  async during<Value>(job: Job, token: string, work: () => Promise<Value>): Promise<Value> {
    const entry = { job, token };
    this.#jobs.add(entry);
    try {
      return await work();
    } finally {
      this.#jobs.delete(entry);
    }
  }

  /** Whether a job was put back meanwhile, so that another process is at it. */
  wasGivenBack(job: Job): boolean {
    return this.#givenBack.has(job);
  }

  /** Puts them back to the front of the queue, for other processes. */
  async giveBack(): Promise<void> {
    for (const { job } of this.#jobs) this.#givenBack.add(job);
    await Promise.allSettled([...this.#jobs].map(({ job, token }) => job.moveToWait(token)));
  }
}
