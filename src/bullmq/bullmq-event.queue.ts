import type { Provider } from '@nestjs/common';
import { getQueueToken } from '@nestjs/bullmq';
import { DelayedError, UnrecoverableError, Worker, type Job, type Queue, type WorkerOptions } from 'bullmq';

import {
  EventQueue,
  type DeadEvent,
  type QueuedEvent,
  type QueueHandling,
  type QueueVerdict,
  type QueueWork,
} from '../store/event-queue.js';
import { HandedOutJobs } from './handed-out-jobs.js';
import { InstallationOrder } from './installation-order.js';

/** The options of BullMQ's workers. */
export type BullMqEventQueueOptions = Readonly<
  Pick<WorkerOptions, 'lockDuration' | 'stalledInterval' | 'drainDelay' | 'limiter' | 'metrics' | 'name' | 'telemetry'>
>;

/** The name of the jobs. */
const JOB_NAME = 'wix-event';
/** How long an event waits that is not the first of its installation, unless it is promoted earlier. */
const NOT_FIRST_MS = 60_000;
/** An event with a place for so long and no job was never stored: the process ended in between, and Wix got no 200. */
const NEVER_STORED_MS = 30_000;
/** How long an event waits after a failure of the queue itself. */
const TROUBLE_MS = 1_000;
/** Only its verdict gives up an event, never BullMQ: neither after failures nor after lost processes. */
const NO_LIMIT = 2 ** 31 - 1;

const STOPPING: QueueVerdict = { outcome: 'later', afterMs: 0 };

interface JobData {
  readonly group: string;
  readonly sealed: string;
  /** How many processes ended while they handled the event, before it was replayed. */
  readonly stalledBefore?: number;
}

/**
 * Stores webhooks in a queue of BullMQ. A dead letter is a failed job, which stays until it is replayed or discarded.
 * Job data is encrypted; ids and the reasons of failures reveal nothing of the event.
 */
export class BullMqEventQueue extends EventQueue {
  readonly #queue: Queue<JobData>;
  readonly #options: BullMqEventQueueOptions;
  readonly #order: InstallationOrder;

  /** @param options - the options of workers. @default BullMQ's own */
  constructor(queue: Queue, options: BullMqEventQueueOptions = {}) {
    super();
    this.#queue = queue as Queue<JobData>;
    this.#options = options;
    this.#order = new InstallationOrder(queue);
  }

  override async add({ id, group, sealed }: QueuedEvent): Promise<void> {
    // Wix may resend an event that was given up: it must not block its installation.
    if ((await this.#queue.getJobState(id)) === 'failed') return;
    const isFirst = await this.#order.join(group, id);
    await this.#queue.add(
      JOB_NAME,
      { group, sealed },
      {
        jobId: id,
        attempts: NO_LIMIT,
        backoff: { type: 'custom' },
        stackTraceLimit: 0,
        removeOnComplete: true,
        removeOnFail: false,
        ...(!isFirst && { delay: NOT_FIRST_MS }),
      },
    );
    // The event before it may have left before this one was a job.
    if (!isFirst && (await this.#order.first(group))?.id === id) await this.#promote(id);
  }

  override work(handling: QueueHandling): QueueWork {
    const jobs = new HandedOutJobs();
    const worker = new Worker<JobData>(
      this.#queue.name,
      (job, token = '') => jobs.during(job, token, () => this.#process(job, token, handling, jobs)),
      {
        ...this.#options,
        connection: this.#queue.opts.connection,
        ...(this.#queue.opts.prefix !== undefined && { prefix: this.#queue.opts.prefix }),
        concurrency: handling.concurrency,
        maxStalledCount: NO_LIMIT,
        settings: { backoffStrategy: (_attempts, _type, error) => pauseOf(error) },
      },
    );
    worker.on('error', (error) => handling.failed(error));
    return {
      stop: () => {
        jobs.isStopping = true;
        void worker.pause(true);
      },
      giveBack: () => jobs.giveBack(),
      close: () => worker.close(!jobs.isEmpty),
    };
  }

  override async dead(limit: number): Promise<readonly DeadEvent[]> {
    return (await this.#queue.getFailed(0, limit - 1)).filter(isOurs).map(deadEvent);
  }

  override async replay(id: string): Promise<boolean> {
    const job = await this.#failed(id);
    if (job === undefined) return false;
    await job.updateData({ ...job.data, stalledBefore: job.stalledCounter });
    await this.#order.join(job.data.group, id);
    await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
    return true;
  }

  override async discard(id: string): Promise<boolean> {
    const job = await this.#failed(id);
    await job?.remove();
    return job !== undefined;
  }

  async #process(job: Job<JobData>, token: string, handling: QueueHandling, jobs: HandedOutJobs): Promise<void> {
    if (!isOurs(job)) throw new UnrecoverableError('NOT_A_WEBHOOK');
    const verdict = jobs.isStopping ? STOPPING : await this.#verdictOn(job, handling);
    // From now on, another process decides about it.
    if (jobs.wasGivenBack(job)) throw new DelayedError();
    switch (verdict.outcome) {
      case 'done':
        return this.#leave(job);
      case 'retry':
        throw new HandedOutAgain(verdict.reason, verdict.afterMs);
      case 'later':
        await job.moveToDelayed(Date.now() + verdict.afterMs, token);
        throw new DelayedError();
      case 'dead':
        await this.#leave(job);
        throw new UnrecoverableError(verdict.reason);
    }
  }

  async #verdictOn(job: Job<JobData>, handling: QueueHandling): Promise<QueueVerdict> {
    if (!(await this.#isFirst(job))) return { outcome: 'later', afterMs: NOT_FIRST_MS };
    const { group, sealed, stalledBefore = 0 } = job.data;
    const attempt = 1 + job.attemptsMade + job.stalledCounter - stalledBefore;
    return handling.handle({ id: idOf(job), group, sealed, attempt });
  }

  async #isFirst(job: Job<JobData>): Promise<boolean> {
    const { group } = job.data;
    const first = await this.#order.first(group);
    if (first === undefined || first.id === idOf(job)) return true;
    // It was handled and its process ended, or Redis lost the order: handling it twice is better than losing it.
    if (!(await this.#order.has(group, idOf(job)))) return true;
    const state = await this.#queue.getJobState(first.id);
    if (!hasLeft(state, first.joinedMs)) return false;
    await this.#order.leave(group, first.id);
    return this.#isFirst(job);
  }

  async #leave(job: Job<JobData>): Promise<void> {
    const next = await this.#order.leave(job.data.group, idOf(job));
    if (next !== undefined) await this.#promote(next);
  }

  // A job that is not delayed is in the queue already, or will be.
  async #promote(id: string): Promise<void> {
    const job = await this.#queue.getJob(id);
    if (job !== undefined && (await job.isDelayed())) await job.promote().catch(() => undefined);
  }

  async #failed(id: string): Promise<Job<JobData> | undefined> {
    const job = await this.#queue.getJob(id);
    return job !== undefined && isOurs(job) && (await job.isFailed()) ? job : undefined;
  }
}

/**
 * Stores webhooks in a queue of `@nestjs/bullmq`: a provider for the `providers` of `WixAuthModule`. Add the queue's
 * module to its `imports`: `BullModule.registerQueue({ name })`.
 *
 * @param queueName - the name under which the queue is registered.
 */
export const bullMqEventQueue = (queueName: string, options?: BullMqEventQueueOptions): Provider => ({
  provide: EventQueue,
  inject: [getQueueToken(queueName)],
  useFactory: (queue: Queue) => new BullMqEventQueue(queue, options),
});

/** Tells BullMQ when to hand a job out again. BullMQ stores the message. */
class HandedOutAgain extends Error {
  readonly afterMs: number;

  constructor(reason: string, afterMs: number) {
    super(reason);
    this.afterMs = afterMs;
  }
}

const pauseOf = (error: unknown): number => (error instanceof HandedOutAgain ? error.afterMs : TROUBLE_MS);

const hasLeft = (state: string, joinedMs: number): boolean =>
  state === 'completed' || state === 'failed' || (state === 'unknown' && Date.now() - joinedMs > NEVER_STORED_MS);

const idOf = ({ id = '' }: Job): string => id;

const isOurs = ({ name }: Job): boolean => name === JOB_NAME;

const deadEvent = (job: Job<JobData>): DeadEvent => ({
  id: idOf(job),
  group: job.data.group,
  sealed: job.data.sealed,
  reason: job.failedReason,
  attempts: job.attemptsMade + job.stalledCounter - (job.data.stalledBefore ?? 0),
  diedAtMs: job.finishedOn ?? 0,
});
