import { COPY, thisCopy } from '../core/marks.js';

/** An event as it is stored. No part of it reveals anything to readers of the queue. */
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
  /** How many times it was started, this one included: again after a failure, or when the process that had it ended. */
  readonly attempt: number;
}

/** The result for an event that was handed out. */
export type QueueVerdict = QueueDone | QueueRetry | QueueLater | QueueDead;

/** The event is handled: it leaves the queue. */
export interface QueueDone {
  /** Which verdict it is. */
  readonly outcome: 'done';
}

/** The event failed, and is handed out again. Until then the other events of its group wait. */
export interface QueueRetry {
  /** Which verdict it is. */
  readonly outcome: 'retry';
  /** In how many milliseconds. */
  readonly afterMs: number;
  /** Why it failed, in words of this library. */
  readonly reason: string;
}

/** The event could not be started, and is handed out again. This does not count as an attempt. */
export interface QueueLater {
  /** Which verdict it is. */
  readonly outcome: 'later';
  /** In how many milliseconds. */
  readonly afterMs: number;
}

/** The event failed for good: it becomes a dead letter, and its group goes on. */
export interface QueueDead {
  /** Which verdict it is. */
  readonly outcome: 'dead';
  /** Why it failed, in words of this library. */
  readonly reason: string;
}

/** How a process takes events. */
export interface QueueHandling {
  /** How many events it handles at the same time. */
  readonly concurrency: number;
  /** Handles one event. Never rejects. */
  handle(event: TakenEvent): Promise<QueueVerdict>;
  /** Called when the queue itself failed, such as when a connection was lost. */
  failed(error: unknown): void;
}

/** A process that takes events. */
export interface QueueWork {
  /** Stops taking events. Those that were handed out go on. */
  stop(): void;
  /** Returns events without a verdict, for other processes to take at once. Called right before the process ends. */
  giveBack(): Promise<void>;
  /** Closes the connections. */
  close(): Promise<void>;
}

/** A dead letter: an event that failed for good. */
export interface DeadEvent extends QueuedEvent {
  /** Why, in words of this library. */
  readonly reason: string;
  /** How many times it was started. */
  readonly attempts: number;
  /** When it was given up, in milliseconds since the epoch. */
  readonly diedAtMs: number;
}

/**
 * Stores webhooks with `webhooks: { mode: 'queue' }`, until a process handles them. `nestjs-wix-auth/bullmq` has an
 * implementation; to use another queue, extend this class and provide it.
 *
 * Events of one group are handed out one after the other, in the order in which they were added: the next when the
 * verdict on the one before is `done` or `dead`. If the process that has an event ends, the event is handed out again.
 * An operation that fails must throw.
 */
export abstract class EventQueue {
  /** @internal */
  static readonly [COPY] = thisCopy;

  /**
   * Stores an event so that it outlives this process. A stored event with the same id stays unchanged. Wix is answered
   * 200 once this resolves.
   */
  abstract add(event: QueuedEvent): Promise<void>;

  /** Hands events out to this process from now on. */
  abstract work(handling: QueueHandling): QueueWork;

  /** The dead letters, the latest first. */
  abstract dead(limit: number): Promise<readonly DeadEvent[]>;

  /** Puts a dead letter at the end of its group, as if never started. `false` when there is none with this id. */
  abstract replay(id: string): Promise<boolean>;

  /** Removes a dead letter. `false` when there is none with this id. */
  abstract discard(id: string): Promise<boolean>;
}
