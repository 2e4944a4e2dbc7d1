import { WixLogger } from '../../diagnostics/wix-logger.js';
import type { AuthEvents } from '../../core/auth-events.js';
import type { TraceBegun } from '../../diagnostics/trace-channel.js';
import { Traces } from '../../diagnostics/traces.js';
import { WorkClaim, type TakenWork, type WorkClaims } from '../ledger/work-claims.js';
import { handles, type EventHandler } from './event-handler.js';
import { workKey } from './event-key.js';
import { HandlerRun, nameOf } from './handler-run.js';
import type { WixDomainEvent } from './wix-event.js';

/** What became of an event: every handler succeeded, one failed, or it is not known yet. */
export type EventOutcome = 'done' | 'failed' | 'unknown';

/** What is being done about an event. Neither promise rejects. */
export interface Dispatch {
  /** `'done'` when every handler has succeeded before or is this process's to run now, else `'unknown'`. */
  readonly claimed: Promise<EventOutcome>;
  /** What came of it. */
  readonly outcome: Promise<EventOutcome>;
}

/** What a dispatcher works with. */
export interface DispatcherParts {
  readonly claims: WorkClaims;
  readonly events: AuthEvents;
  /** @default nothing listens */
  readonly traces?: Traces;
}

/** Runs the handlers of an event: each until it has succeeded once, however often Wix sends the event. */
export class EventDispatcher {
  readonly #parts: DispatcherParts;
  readonly #traces: Traces;
  readonly #handlerTimeoutMs: number | undefined;
  readonly #inProgress = new Map<string, Dispatch>();
  readonly #runs = new Set<HandlerRun>();
  readonly #logger = new WixLogger();

  /** @param handlerTimeoutMs milliseconds after which a handler is told to stop; without it none is. */
  constructor(parts: DispatcherParts, handlerTimeoutMs?: number) {
    this.#parts = parts;
    this.#traces = parts.traces ?? new Traces();
    this.#handlerTimeoutMs = handlerTimeoutMs;
  }

  /**
   * Deals with an event; one that is being dealt with in this process is joined.
   *
   * @param first runs before the handlers, and also when the ledger cannot tell whether it ran before.
   */
  dispatch(key: string, event: WixDomainEvent, handlers: readonly EventHandler[], first?: EventHandler): Dispatch {
    return this.#inProgress.get(key) ?? this.#start(key, event, handlers, first);
  }

  /** The handlers that are at work, for the log. */
  get underWay(): readonly string[] {
    return [...this.#runs].map(({ name }) => name);
  }

  /** Tells all handlers that are at work to stop. */
  abort(reason: Error): void {
    for (const run of this.#runs) run.abort(reason);
  }

  /** Gives the claims of handlers that are at work back: only right before the process ends. */
  async releaseAll(): Promise<void> {
    await Promise.all([...this.#runs].map((run) => run.release()));
  }

  #start(key: string, event: WixDomainEvent, handlers: readonly EventHandler[], first?: EventHandler): Dispatch {
    const before = this.#runFirst(key, event, first);
    const works = before.then(() =>
      handlers.filter((handler) => handles(handler, event)).map((handler) => this.#begin(key, event, handler)),
    );
    const worst = async (part: keyof Dispatch): Promise<EventOutcome> =>
      worstOf([await before, ...(await Promise.all((await works).map((work) => work[part])))]);
    const dispatch = { claimed: worst('claimed'), outcome: worst('outcome') };
    this.#inProgress.set(key, dispatch);
    void dispatch.outcome.finally(() => this.#inProgress.delete(key));
    return dispatch;
  }

  async #runFirst(key: string, event: WixDomainEvent, first: EventHandler | undefined): Promise<EventOutcome> {
    if (first === undefined) return 'done';
    const taken = await this.#parts.claims.take(workKey(key, first.name));
    if (taken !== 'unavailable') return this.#settle(taken, event, first);
    const run = (): Promise<void> => first.run(event, { signal: new AbortController().signal });
    await this.#traced(event, first, async () => ((await this.#succeeds(first, event, run)) ? 'unknown' : 'failed'));
    return 'unknown';
  }

  #begin(key: string, event: WixDomainEvent, handler: EventHandler): Dispatch {
    const taken = this.#parts.claims.take(workKey(key, handler.name));
    return {
      claimed: taken.then((work) => (work === 'in-progress' || work === 'unavailable' ? 'unknown' : 'done')),
      outcome: taken.then((work) => this.#settle(work, event, handler)),
    };
  }

  async #settle(work: TakenWork, event: WixDomainEvent, handler: EventHandler): Promise<EventOutcome> {
    if (work instanceof WorkClaim) return this.#traced(event, handler, () => this.#work(work, event, handler));
    const { webhook } = this.#traces;
    if (webhook.hasListeners) webhook.publish({ ...begunOf(event, handler), outcome: WITHOUT_CLAIM[work] });
    return work === 'done' ? 'done' : 'unknown';
  }

  #traced(event: WixDomainEvent, handler: EventHandler, work: () => Promise<EventOutcome>): Promise<EventOutcome> {
    return this.#traces.webhook.follow(
      () => begunOf(event, handler),
      work,
      (outcome) => ({ outcome: outcome === 'unknown' ? 'unavailable' : outcome }),
    );
  }

  async #work(claim: WorkClaim, event: WixDomainEvent, handler: EventHandler): Promise<EventOutcome> {
    const run = new HandlerRun(handler, event, {
      claim,
      events: this.#parts.events,
      timeoutMs: this.#handlerTimeoutMs,
    });
    this.#runs.add(run);
    const succeeded = await this.#succeeds(handler, event, () => run.run());
    const outcome = await (succeeded ? completed(claim) : released(claim));
    this.#runs.delete(run);
    return outcome;
  }

  async #succeeds(handler: EventHandler, event: WixDomainEvent, run: () => Promise<void>): Promise<boolean> {
    try {
      await run();
      return true;
    } catch (error) {
      this.#logger.error(`${handler.name} failed on ${nameOf(event)}; Wix will send it again.`, stackOf(error));
      return false;
    }
  }
}

const WITHOUT_CLAIM = { done: 'done-before', 'in-progress': 'in-progress', unavailable: 'unavailable' } as const;

const begunOf = (event: WixDomainEvent, { name: handler }: EventHandler): TraceBegun<'webhook'> => ({
  eventType: event.type,
  eventId: event.id,
  handler,
  instanceId: event.instanceId,
  issuedAtMs: event.issuedAt.getTime(),
});

// What could not be recorded is sent again, and may run again.
const completed = async (claim: WorkClaim): Promise<EventOutcome> => ((await claim.complete()) ? 'done' : 'unknown');

async function released(claim: WorkClaim): Promise<EventOutcome> {
  await claim.release();
  return 'failed';
}

function worstOf(outcomes: readonly EventOutcome[]): EventOutcome {
  if (outcomes.includes('failed')) return 'failed';
  return outcomes.includes('unknown') ? 'unknown' : 'done';
}

// The text alone: an error object, printed, may show requests and their headers.
const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : 'Not an Error');
