import { COPY, thisCopy } from '../core/marks.js';

/** What is stored of an event. No part reveals anything to readers of the queue. */
export interface QueuedEvent {
  /** The same whenever Wix sends the event: at most 64 characters, letters, digits, `_` and `-`. */
  readonly id: string;
  /** The same for all events of an installation, in the same characters. */
  readonly group: string;
  /** The text that Wix signed, encrypted. */
  readonly sealed: string;
}

/** An event that is handed out. */
export interface TakenEvent extends QueuedEvent {
  /** How often it was begun, this time included: after a failure, and after the end of the process that was at it. */
  readonly attempt: number;
}

/** The result for an event that was handed out. */
export type QueueVerdict = QueueDone | QueueRetry | QueueLater | QueueDead;

/** The event is dealt with: it leaves the queue. */
export interface QueueDone {
  /** Which verdict it is. */
  readonly outcome: 'done';
}

/** The event failed, and is handed out again. Until then it holds up its group. */
export interface QueueRetry {
  /** Which verdict it is. */
  readonly outcome: 'retry';
  /** In how many milliseconds. */
  readonly afterMs: number;
  /** Why it failed, in words of this library. */
  readonly reason: string;
}

/** The event could not be begun, and is handed out again. That is no attempt. */
export interface QueueLater {
  /** Which verdict it is. */
  readonly outcome: 'later';
  /** In how many milliseconds. */
  readonly afterMs: number;
}

/** The event failed for good: it is kept apart, and its group goes on. */
export interface QueueDead {
  /** Which verdict it is. */
  readonly outcome: 'dead';
  /** Why it failed, in words of this library. */
  readonly reason: string;
}

/** How a process takes events. */
export interface QueueHandling {
  /** How many events it deals with at the same time. */
  readonly concurrency: number;
  /** Deals with one. Never rejects. */
  handle(event: TakenEvent): Promise<QueueVerdict>;
  /** Called when the queue itself failed, such as for a lost connection. */
  failed(error: unknown): void;
}

/** A process that takes events. */
export interface QueueWork {
  /** Takes no more. What was handed out goes on. */
  stop(): void;
  /** Lets other processes have at once what was handed out and has no verdict. Called right before the process ends. */
  giveBack(): Promise<void>;
  /** Ends the connections. */
  close(): Promise<void>;
}

/** An event that failed for good. */
export interface DeadEvent extends QueuedEvent {
  /** Why, in words of this library. */
  readonly reason: string;
  /** How often it was begun. */
  readonly attempts: number;
  /** When it was given up, in milliseconds since the epoch. */
  readonly diedAtMs: number;
}

/**
 * Where webhooks wait with `webhooks: { mode: 'queue' }`, until a process deals with them. `nestjs-wix-auth/bullmq` has
 * one; extend this class over another queue, and provide it.
 *
 * Events of one group are handed out one after the other, in the order in which they were added: the next when the
 * verdict on the one before is `done` or `dead`. An event whose process died is handed out again. An operation that fails
 * must throw.
 */
export abstract class EventQueue {
  /** @internal */
  static readonly [COPY] = thisCopy;

  /**
   * Stores an event so that it outlives this process; one with the same id that is stored already stays as it is. Wix is
   * answered 200 when this resolves.
   */
  abstract add(event: QueuedEvent): Promise<void>;

  /** Hands events out to this process from now on. */
  abstract work(handling: QueueHandling): QueueWork;

  /** The events that failed for good, the latest first. */
  abstract dead(limit: number): Promise<readonly DeadEvent[]>;

  /** Puts one of them at the end of its group, as if it had not been begun yet. `false` when there is none with this id. */
  abstract replay(id: string): Promise<boolean>;

  /** Removes one of them. `false` when there is none with this id. */
  abstract discard(id: string): Promise<boolean>;
}
