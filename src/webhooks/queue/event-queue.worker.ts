import type { OnApplicationBootstrap } from '@nestjs/common';

import type { AuthEvents } from '../../core/auth-events.js';
import type { GracefulShutdown } from '../../core/concurrency/graceful-shutdown.js';
import { WorkInProgress } from '../../core/concurrency/work-in-progress.js';
import { digestOf } from '../../core/digest.js';
import { failureReason } from '../../core/failure-reason.js';
import { endOf } from '../../diagnostics/trace-channel.js';
import type { Traces } from '../../diagnostics/traces.js';
import type { EventQueue, QueueVerdict, QueueWork, TakenEvent } from '../../store/event-queue.js';
import { tracedEvent, type EventDispatcher } from '../events/event-dispatcher.js';
import type { EventHandlers } from '../events/event-handlers.js';
import type { VerifiedEvent, VerifiedEvents } from '../events/verified-events.js';
import type { WixDomainEvent } from '../events/wix-event.js';
import { WorkClaim, type WorkClaims } from '../ledger/work-claims.js';
import type { WebhookQueueSettings } from '../webhook.options.js';
import { pauseAfterMs } from './retry-pauses.js';
import type { SealedEvents } from './sealed-events.js';

/** The parts that the worker uses. */
export interface QueueWorkerParts {
  readonly queue: EventQueue;
  readonly sealed: SealedEvents;
  readonly verified: VerifiedEvents;
  readonly handlers: EventHandlers;
  readonly dispatcher: EventDispatcher;
  readonly claims: WorkClaims;
  readonly events: AuthEvents;
  readonly traces: Traces;
  readonly shutdown: Pick<GracefulShutdown, 'add'>;
}

// Another process has the installation's lease, or runs a handler: usually not for long.
const BUSY_MS = 1_000;

const BUSY: QueueVerdict = { outcome: 'later', afterMs: BUSY_MS };
const STOPPING: QueueVerdict = { outcome: 'later', afterMs: 0 };

/** Takes events from the queue and runs their handlers: those of one installation one after the other. */
export class EventQueueWorker implements OnApplicationBootstrap {
  readonly #parts: QueueWorkerParts;
  readonly #settings: WebhookQueueSettings;
  readonly #inProgress = new WorkInProgress();
  readonly #leases = new Set<WorkClaim>();
  #work: QueueWork | undefined;
  #isStopping = false;

  constructor(parts: QueueWorkerParts, settings: WebhookQueueSettings) {
    this.#parts = parts;
    this.#settings = settings;
    parts.shutdown.add({
      stop: () => {
        this.#isStopping = true;
        this.#work?.stop();
      },
      idle: () => this.#inProgress.idle(),
      giveBack: () => this.#giveBack(),
      close: () => this.#work?.close(),
    });
  }

  /** An event that is taken before its handlers are known would count as handled. */
  async onApplicationBootstrap(): Promise<void> {
    const { queue, handlers, events } = this.#parts;
    if (!this.#settings.work) return;
    await handlers.found;
    if (this.#isStopping) return;
    this.#work = queue.work({
      concurrency: this.#settings.concurrency,
      handle: (taken) =>
        this.#inProgress.run(
          () => 'an event of the queue',
          () => this.#handle(taken),
        ),
      failed: (error) => events.emit('queueFailed', { reason: failureReason(error), storing: false }),
    });
  }

  async #handle(taken: TakenEvent): Promise<QueueVerdict> {
    if (this.#isStopping) return STOPPING;
    const opened = this.#opened(taken);
    if ('reason' in opened) return this.#failed(taken, opened.reason);
    if (taken.attempt > this.#settings.attempts) return this.#givenUp(taken, WORKER_LOST, opened.event);
    return this.#inTurn(taken, () => this.#dispatched(taken, opened));
  }

  #opened(taken: TakenEvent): VerifiedEvent | Unreadable {
    const signedText = this.#parts.sealed.open(taken);
    if (signedText === undefined) return { reason: UNREADABLE };
    try {
      return this.#parts.verified.stored(signedText);
    } catch (error) {
      return { reason: endOf(error).code };
    }
  }

  // The queue ensures the order; the lease ensures that two processes never work on one installation.
  async #inTurn(taken: TakenEvent, work: () => Promise<QueueVerdict>): Promise<QueueVerdict> {
    const lease = await this.#parts.claims.take(leaseKey(taken));
    if (!(lease instanceof WorkClaim)) return BUSY;
    this.#leases.add(lease);
    try {
      return await work();
    } finally {
      this.#leases.delete(lease);
      await lease.release();
    }
  }

  async #dispatched(taken: TakenEvent, { key, event }: VerifiedEvent): Promise<QueueVerdict> {
    const { dispatcher, handlers } = this.#parts;
    const { outcome, failures } = dispatcher.dispatch(key, event, handlers.list);
    switch (await outcome) {
      case 'done':
        return { outcome: 'done' };
      case 'failed':
        return this.#failed(taken, failures.join(', '), event);
      case 'unknown':
        return BUSY;
    }
  }

  #failed(taken: TakenEvent, reason: string, event?: WixDomainEvent): QueueVerdict {
    const { attempt } = taken;
    if (attempt >= this.#settings.attempts) return this.#givenUp(taken, reason, event);
    return { outcome: 'retry', afterMs: pauseAfterMs(attempt, this.#settings), reason };
  }

  #givenUp({ id, attempt }: TakenEvent, reason: string, event?: WixDomainEvent): QueueVerdict {
    const { events, traces } = this.#parts;
    const facts = event && { type: event.type, id: event.id, instanceId: event.instanceId };
    events.emit('deadLetter', { id, of: facts, reason, attempts: attempt });
    if (traces.webhook.hasListeners) {
      traces.webhook.publish({ ...(event && tracedEvent(event)), outcome: 'dead-letter', code: reason });
    }
    return { outcome: 'dead', reason };
  }

  async #giveBack(): Promise<void> {
    await Promise.all([...[...this.#leases].map((lease) => lease.release()), this.#work?.giveBack()]);
  }
}

interface Unreadable {
  readonly reason: string;
}

/** The event was altered in the queue, or encrypted with a secret that is not configured, or no longer. */
const UNREADABLE = 'UNREADABLE';
/** The process ended before the event was handled, on each attempt. */
const WORKER_LOST = 'WORKER_LOST';

const leaseKey = ({ group }: TakenEvent): string => digestOf(JSON.stringify(['installation', group]));
