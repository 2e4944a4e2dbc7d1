import type { AuthEvents } from '../../core/auth-events.js';
import { stackOf } from '../../core/failure-reason.js';
import { endOf, type TraceBegun } from '../../diagnostics/trace-channel.js';
import { Traces } from '../../diagnostics/traces.js';
import { WorkClaim, type TakenWork, type WorkClaims } from '../ledger/work-claims.js';
import { handles, type EventHandler } from './event-handler.js';
import { workKey } from './event-key.js';
import { HandlerRun } from './handler-run.js';
import type { WixDomainEvent } from './wix-event.js';

/** The result of an event: every handler succeeded, one failed, or it is not known yet. */
export type EventOutcome = 'done' | 'failed' | 'unknown';

/** An event in progress. Neither promise rejects. */
export interface Dispatch {
  /** `'done'` when every handler has succeeded before or is this process's to run now, else `'unknown'`. */
  readonly claimed: Promise<EventOutcome>;
  /** The result. */
  readonly outcome: Promise<EventOutcome>;
  /** The handlers that have failed so far, and why: by the code or name of the error. */
  readonly failures: readonly string[];
}

/** One handler and its event. */
interface HandlerTask {
  readonly event: WixDomainEvent;
  readonly handler: EventHandler;
  readonly failures: string[];
}

/** What a dispatcher works with. */
export interface DispatcherParts {
  readonly claims: WorkClaims;
  readonly events: AuthEvents;
  /** @default nothing listens */
  readonly traces?: Traces;
  /** What the log says of what follows a failure. @default Wix sends the event again */
  readonly afterFailure?: string;
}

/** Runs the handlers of an event: each until it has succeeded once, however often Wix sends the event. */
export class EventDispatcher {
  readonly #parts: DispatcherParts;
  readonly #traces: Traces;
  readonly #handlerTimeoutMs: number | undefined;
  readonly #inProgress = new Map<string, Dispatch>();
  readonly #runs = new Set<HandlerRun>();

  /** @param handlerTimeoutMs milliseconds after which a handler is told to stop; without it none is. */
  constructor(parts: DispatcherParts, handlerTimeoutMs?: number) {
    this.#parts = parts;
    this.#traces = parts.traces ?? new Traces();
    this.#handlerTimeoutMs = handlerTimeoutMs;
  }

  /**
   * Handles an event; joins one that this process is already handling.
   *
   * @param first runs before the handlers, and also when the ledger cannot tell whether it ran before.
   */
  dispatch(key: string, event: WixDomainEvent, handlers: readonly EventHandler[], first?: EventHandler): Dispatch {
    return this.#inProgress.get(key) ?? this.#start(key, event, handlers, first);
  }

  /** The running handlers, for the log. */
  get underWay(): readonly string[] {
    return [...this.#runs].map(({ name }) => name);
  }

  /** Aborts all running handlers. */
  abort(reason: Error): void {
    for (const run of this.#runs) run.abort(reason);
  }

  /** Releases the claims of running handlers: only right before the process ends. */
  async releaseAll(): Promise<void> {
    await Promise.all([...this.#runs].map((run) => run.release()));
  }

  #start(key: string, event: WixDomainEvent, handlers: readonly EventHandler[], first?: EventHandler): Dispatch {
    const failures: string[] = [];
    const before = this.#runFirst(key, first && { event, handler: first, failures });
    const works = before.then(() =>
      handlers
        .filter((handler) => handles(handler, event))
        .map((handler) => this.#begin(key, { event, handler, failures })),
    );
    const worst = async (part: keyof Begun): Promise<EventOutcome> =>
      worstOf([await before, ...(await Promise.all((await works).map((work) => work[part])))]);
    const dispatch = { claimed: worst('claimed'), outcome: worst('outcome'), failures };
    this.#inProgress.set(key, dispatch);
    void dispatch.outcome.finally(() => this.#inProgress.delete(key));
    return dispatch;
  }

  async #runFirst(key: string, task: HandlerTask | undefined): Promise<EventOutcome> {
    if (task === undefined) return 'done';
    const { event, handler } = task;
    const taken = await this.#parts.claims.take(workKey(key, handler.name));
    if (taken !== 'unavailable') return this.#settle(taken, task);
    const run = (): Promise<void> => handler.run(event, { signal: new AbortController().signal });
    await this.#traced(task, async () => ((await this.#succeeds(task, run)) ? 'unknown' : 'failed'));
    return 'unknown';
  }

  #begin(key: string, task: HandlerTask): Begun {
    const taken = this.#parts.claims.take(workKey(key, task.handler.name));
    return {
      claimed: taken.then((work) => (work === 'in-progress' || work === 'unavailable' ? 'unknown' : 'done')),
      outcome: taken.then((work) => this.#settle(work, task)),
    };
  }

  async #settle(work: TakenWork, task: HandlerTask): Promise<EventOutcome> {
    if (work instanceof WorkClaim) return this.#traced(task, () => this.#work(work, task));
    const { webhook } = this.#traces;
    if (webhook.hasListeners) webhook.publish({ ...begunOf(task), outcome: WITHOUT_CLAIM[work] });
    return work === 'done' ? 'done' : 'unknown';
  }

  #traced(task: HandlerTask, work: () => Promise<EventOutcome>): Promise<EventOutcome> {
    return this.#traces.webhook.follow(
      () => begunOf(task),
      work,
      (outcome) => ({ outcome: outcome === 'unknown' ? 'unavailable' : outcome }),
    );
  }

  async #work(claim: WorkClaim, task: HandlerTask): Promise<EventOutcome> {
    const run = new HandlerRun(task.handler, task.event, {
      claim,
      events: this.#parts.events,
      timeoutMs: this.#handlerTimeoutMs,
    });
    this.#runs.add(run);
    const succeeded = await this.#succeeds(task, () => run.run());
    const outcome = await (succeeded ? completed(claim) : released(claim));
    this.#runs.delete(run);
    return outcome;
  }

  async #succeeds({ handler, event, failures }: HandlerTask, run: () => Promise<void>): Promise<boolean> {
    try {
      await run();
      return true;
    } catch (error) {
      this.#tellFailed(handler.name, event, error);
      failures.push(`${handler.name}: ${endOf(error).code}`);
      return false;
    }
  }

  #tellFailed(handler: string, event: WixDomainEvent, error: unknown): void {
    const { type: eventType, id: eventId, instanceId } = event;
    const { events, afterFailure: then = 'Wix will send it again' } = this.#parts;
    events.emit('handlerFailed', { handler, eventType, eventId, instanceId, then, stack: stackOf(error) });
  }
}

type Begun = Pick<Dispatch, 'claimed' | 'outcome'>;

const WITHOUT_CLAIM = { done: 'done-before', 'in-progress': 'in-progress', unavailable: 'unavailable' } as const;

/** What a trace says of an event, whatever becomes of it. */
export const tracedEvent = (event: WixDomainEvent): TraceBegun<'webhook'> => ({
  eventType: event.type,
  eventId: event.id,
  instanceId: event.instanceId,
  issuedAtMs: event.issuedAt.getTime(),
});

const begunOf = ({ event, handler }: HandlerTask): TraceBegun<'webhook'> => ({
  ...tracedEvent(event),
  handler: handler.name,
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
