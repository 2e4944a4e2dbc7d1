import type { EventQueue, DeadEvent } from '../../store/event-queue.js';
import type { VerifiedEvents } from '../events/verified-events.js';
import type { WixDomainEvent } from '../events/wix-event.js';
import type { SealedEvents } from './sealed-events.js';

/** An event that was given up: all its attempts failed. */
export interface WixDeadLetter {
  /** The id to replay or discard it by. */
  readonly id: string;
  /** The type of the event; absent, like the next two, when the event can no longer be read. */
  readonly type?: string;
  /** The id of the event, where it has one. */
  readonly eventId?: string;
  /** The installation it happened on. */
  readonly instanceId?: string;
  /**
   * The handlers that failed, with the codes or names of their errors, such as `Orders.created: TypeError`;
   * `WORKER_LOST` when the processes that handled it ended, `UNREADABLE` when no configured secret opens it.
   */
  readonly reason: string;
  /** How many times it was started. */
  readonly attempts: number;
  /** When it was given up. */
  readonly diedAt: Date;
}

const MAX_LISTED = 100;

/** The dead letters of the queue behind webhooks. Available with `webhooks: { mode: 'queue' }`. */
export class WixEventQueue {
  readonly #queue: EventQueue;
  readonly #sealed: SealedEvents;
  readonly #verified: VerifiedEvents;

  constructor(queue: EventQueue, sealed: SealedEvents, verified: VerifiedEvents) {
    this.#queue = queue;
    this.#sealed = sealed;
    this.#verified = verified;
  }

  /**
   * The events that were given up, the latest first.
   *
   * @param limit - how many. @default 100
   */
  async deadLetters(limit = MAX_LISTED): Promise<readonly WixDeadLetter[]> {
    return (await this.#queue.dead(limit)).map((dead) => this.#letterOf(dead));
  }

  /**
   * Hands an event out again, after the waiting ones of its installation. Handlers that succeeded do not run again
   * within four days, for which the ledger remembers them.
   *
   * @returns `false` when no dead letter has this id.
   */
  replay(id: string): Promise<boolean> {
    return this.#queue.replay(id);
  }

  /** Removes a dead letter for good. @returns `false` when none has this id. */
  discard(id: string): Promise<boolean> {
    return this.#queue.discard(id);
  }

  #letterOf(dead: DeadEvent): WixDeadLetter {
    const { id, reason, attempts, diedAtMs } = dead;
    const event = this.#eventIn(dead);
    return {
      id,
      ...(event && { type: event.type, instanceId: event.instanceId }),
      ...(event?.id !== undefined && { eventId: event.id }),
      reason,
      attempts,
      diedAt: new Date(diedAtMs),
    };
  }

  #eventIn(dead: DeadEvent): WixDomainEvent | undefined {
    const signedText = this.#sealed.open(dead);
    if (signedText === undefined) return undefined;
    try {
      return this.#verified.stored(signedText).event;
    } catch {
      return undefined;
    }
  }
}
