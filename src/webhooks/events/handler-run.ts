import type { AuthEvents } from '../../core/auth-events.js';
import { TimeoutError } from '../../core/concurrency/with-timeout.js';
import type { WorkClaim } from '../ledger/work-claims.js';
import type { EventHandler } from './event-handler.js';
import type { WixDomainEvent } from './wix-event.js';

const SLOW_AFTER_MS = 30_000;

/** What a handler's run works with. */
export interface HandlerRunParts {
  readonly claim: WorkClaim;
  readonly events: AuthEvents;
  /** Milliseconds after which the handler is told to stop; without it never. */
  readonly timeoutMs: number | undefined;
}

/** One handler running for one event. Holds the claim until the handler has settled, however long that takes. */
export class HandlerRun {
  readonly #handler: EventHandler;
  readonly #event: WixDomainEvent;
  readonly #parts: HandlerRunParts;
  readonly #abortion = new AbortController();

  constructor(handler: EventHandler, event: WixDomainEvent, parts: HandlerRunParts) {
    this.#handler = handler;
    this.#event = event;
    this.#parts = parts;
  }

  /** The handler and the event, for the log. */
  get name(): string {
    return `${this.#handler.name} on ${nameOf(this.#event)}`;
  }

  /** Runs the handler. Rejects as the handler does. */
  async run(): Promise<void> {
    const timers = this.#timers();
    try {
      await this.#handler.run(this.#event, { signal: this.#abortion.signal });
    } finally {
      timers.forEach(clearTimeout);
    }
  }

  /** Aborts the handler. */
  abort(reason: Error): void {
    this.#abortion.abort(reason);
  }

  /** Releases the claim although the handler is still running. */
  release(): Promise<void> {
    return this.#parts.claim.release();
  }

  #timers(): readonly NodeJS.Timeout[] {
    const { events, timeoutMs } = this.#parts;
    const slow = setTimeout(
      () => events.emit('handlerSlow', { work: this.name, afterMs: SLOW_AFTER_MS }),
      SLOW_AFTER_MS,
    );
    const late = timeoutMs === undefined ? [] : [setTimeout(() => this.abort(tooLong(timeoutMs)), timeoutMs)];
    return [slow, ...late].map((timer) => timer.unref());
  }
}

const tooLong = (ms: number): TimeoutError =>
  new TimeoutError(`The handler takes longer than ${String(ms)} ms (webhooks.handlerTimeoutMs).`);

/** An event in words for the log. */
const nameOf = (event: WixDomainEvent): string => (event.id === undefined ? event.type : `${event.type} ${event.id}`);
