import type { AuthEvents } from '../auth-events.js';
import { withTimeout } from './with-timeout.js';

/** A part of a registration that has work to finish, leases to release or connections to close at shutdown. */
export interface ShutdownPart {
  /** Stops taking new work. */
  stop?(): void;
  /** Resolves when no work is in progress. */
  idle?(): Promise<void>;
  /** The time is up: cancels work in progress, refuses new work, and names what it canceled for the log. */
  abort?(): readonly string[];
  /** What is still in progress, in words for the log. */
  underWay?(): readonly string[];
  /** Releases what other processes wait for. Called once, after waiting has ended. */
  giveBack?(): Promise<unknown>;
  /** Closes connections; a promise is awaited. */
  close?(): unknown;
}

/** How long canceled work gets to stop. */
const ABORT_MS = 500;
const GIVE_BACK_MS = 500;
const CLOSE_MS = 500;

/**
 * Ends a registration in an order in which nothing that is under way is lost: takes no new work, lets what is under way
 * finish, gives back what other processes wait for, and closes connections last. Nest calls its hooks; of those, only
 * the last comes after the requests of the HTTP server have ended.
 *
 * All of it takes at most `drainMs` and two seconds more, whatever Nest waits for meanwhile.
 */
export class GracefulShutdown {
  readonly #drainMs: number;
  readonly #events: AuthEvents;
  readonly #parts: ShutdownPart[] = [];
  readonly #requestsEnded = latch();
  #drained: Promise<void> | undefined;
  #ended: Promise<void> | undefined;
  #cutOff: readonly string[] | undefined;

  /** @param drainMs how many milliseconds what is under way gets to finish. */
  constructor(drainMs: number, events: AuthEvents) {
    this.#drainMs = drainMs;
    this.#events = events;
  }

  /** Adds a part. Those added first close last. */
  add(part: ShutdownPart): void {
    this.#parts.unshift(part);
  }

  /** Begins. Nest calls this for one module after another, so nothing is awaited here. */
  onModuleDestroy(): void {
    if (this.#drained !== undefined) return;
    const endMs = performance.now() + this.#drainMs;
    for (const part of this.#parts) part.stop?.();
    this.#drained = this.#drain(endMs);
    this.#ended = this.#drained.then(() => this.#end(endMs));
  }

  /** Waits until work in progress has finished, or the time is up. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#drained;
  }

  /** The HTTP server has closed: waits until everything is released and closed. */
  async onApplicationShutdown(): Promise<void> {
    this.#requestsEnded.open();
    await this.#ended;
  }

  async #drain(endMs: number): Promise<void> {
    await this.#untilOrAbort(endMs, () => this.#idle());
  }

  // Requests that are being answered may go on calling Wix until the server has closed.
  async #end(endMs: number): Promise<void> {
    await this.#untilOrAbort(endMs, () => this.#requestsEnded.opened);
    this.#report();
    await settledWithin(GIVE_BACK_MS, () => this.#all((part) => part.giveBack?.()));
    await settledWithin(CLOSE_MS, () => this.#all((part) => part.close?.()));
  }

  async #untilOrAbort(endMs: number, until: () => Promise<unknown>): Promise<void> {
    if (this.#cutOff === undefined && (await settledWithin(endMs - performance.now(), until))) return;
    this.#cutOff ??= this.#parts.flatMap((part) => part.abort?.() ?? []);
    await settledWithin(ABORT_MS, until);
  }

  #report(): void {
    const works = [...(this.#cutOff ?? []), ...this.#parts.flatMap((part) => part.underWay?.() ?? [])];
    if (works.length > 0) this.#events.emit('shutdownAbandoned', { works });
  }

  #idle(): Promise<unknown> {
    return this.#all((part) => part.idle?.());
  }

  // One that fails must not keep the others from closing.
  #all(step: (part: ShutdownPart) => unknown): Promise<unknown> {
    return Promise.allSettled(this.#parts.map((part) => new Promise((begin) => begin(step(part)))));
  }
}

// Whether it did settle.
const settledWithin = (ms: number, work: () => Promise<unknown>): Promise<boolean> =>
  withTimeout(Math.max(0, ms), work).then(
    () => true,
    () => false,
  );

interface Latch {
  readonly opened: Promise<void>;
  open(): void;
}

function latch(): Latch {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
