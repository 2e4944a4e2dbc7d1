import type { Job } from 'bullmq';

interface HandedOut {
  readonly job: Job;
  readonly token: string;
}

/** The jobs that were handed out to this process and have no verdict yet. */
export class HandedOutJobs {
  readonly #jobs = new Set<HandedOut>();
  readonly #givenBack = new WeakSet<Job>();

  /** Whether the process takes no more jobs. One may still arrive. */
  isStopping = false;

  /** Whether there are no such jobs. */
  get isEmpty(): boolean {
    return this.#jobs.size === 0;
  }

  /** Lists a job for as long as `work` runs. */
  async during<Value>(job: Job, token: string, work: () => Promise<Value>): Promise<Value> {
    const entry = { job, token };
    this.#jobs.add(entry);
    try {
      return await work();
    } finally {
      this.#jobs.delete(entry);
    }
  }

  /** Whether a job was given back meanwhile, so that another process may handle it. */
  wasGivenBack(job: Job): boolean {
    return this.#givenBack.has(job);
  }

  /** Returns all jobs to the front of the queue, for other processes. */
  async giveBack(): Promise<void> {
    for (const { job } of this.#jobs) this.#givenBack.add(job);
    await Promise.allSettled([...this.#jobs].map(({ job, token }) => job.moveToWait(token)));
  }
}
