import { settledWithin } from '../core/concurrency/with-timeout.js';
import { endOf } from '../diagnostics/trace-channel.js';
import { Traces } from '../diagnostics/traces.js';
import type { AuthEvents } from '../core/auth-events.js';
import type { GracefulShutdown } from '../core/concurrency/graceful-shutdown.js';
import { WixAuthError } from '../core/wix-auth.errors.js';
import { WorkInProgress } from '../core/concurrency/work-in-progress.js';
import type { EventCacheInvalidator } from './event-cache-invalidator.js';
import { tracedEvent, type Dispatch, type EventDispatcher, type EventOutcome } from './events/event-dispatcher.js';
import type { EventHandlers } from './events/event-handlers.js';
import type { VerifiedEvent, VerifiedEvents } from './events/verified-events.js';
import type { EventStoring } from './queue/event-storing.js';
import type { RecentInstallations } from '../identity/introspection/recent-installations.js';
import {
  handlerFailed,
  notFinished,
  notStored,
  stopping,
  tooLarge,
  unauthorized,
} from '../signed-requests/bodies/request-exceptions.js';
import type { WebhookSettings } from './webhook.options.js';

/** What the webhook service works with. */
export interface WebhookParts {
  readonly verified: VerifiedEvents;
  readonly invalidator: EventCacheInvalidator;
  readonly handlers: EventHandlers;
  readonly dispatcher: EventDispatcher;
  /** Where events wait for their handlers; without it they run here. */
  readonly storing?: EventStoring | undefined;
  readonly events: AuthEvents;
  /** Installations that proved genuine: an event that Wix signed is a proof. */
  readonly recent: Pick<RecentInstallations, 'note'>;
  /** Stops taking webhooks, and lets handlers finish. */
  readonly shutdown: Pick<GracefulShutdown, 'add'>;
  /** @default nothing listens */
  readonly traces?: Traces;
}

// Wix waits 1250 ms for the answer, the way there and back included.
const ANSWER_AFTER_MS = 1_000;

/** Takes webhooks of Wix: verifies them, and lets the handlers marked with `@OnWixEvent` deal with their events. */
export class WixWebhookService {
  readonly #parts: WebhookParts;
  readonly #traces: Traces;
  readonly #settings: Pick<WebhookSettings, 'mode' | 'maxBodyBytes'>;
  readonly #inProgress = new WorkInProgress();
  #isStopping = false;

  constructor(parts: WebhookParts, settings: Pick<WebhookSettings, 'mode' | 'maxBodyBytes'>) {
    this.#parts = parts;
    this.#traces = parts.traces ?? new Traces();
    this.#settings = settings;
    const { dispatcher, shutdown } = parts;
    shutdown.add({
      stop: () => void (this.#isStopping = true),
      idle: () => this.#inProgress.idle(),
      abort: () => {
        dispatcher.abort(new Error('The application stops.'));
        return [];
      },
      underWay: () => dispatcher.underWay,
      giveBack: () => dispatcher.releaseAll(),
    });
  }

  /**
   * Deals with the body of a webhook, as bytes or text. When it resolves, answer 200; what it throws is an
   * `HttpException` of Nest with the answer that makes Wix do the right thing.
   *
   * @throws 401 for a body that Wix did not sign for this app, or that is too old; 413 for one too large; 400 for an
   * event nested deeper than `webhooks.maxDepth`.
   * @throws 500 when a handler failed; 503 when handlers are not finished after a second, the ledger cannot be reached
   * or the application stops. Wix then sends the event again, and only what has not succeeded by then runs again.
   * With `mode: 'queue'` no handler runs here: 503 when the event could not be stored within a second.
   */
  async receive(rawBody: Uint8Array | string): Promise<void> {
    if (this.#isStopping) throw stopping();
    const body = Buffer.from(rawBody);
    this.#refuseTooLarge(body);
    const signedText = body.toString('latin1').trim();
    const verified = this.#verified(signedText);
    this.#noteGenuine(verified);
    const { storing } = this.#parts;
    await (storing === undefined ? this.#handled(verified) : this.#stored(storing, signedText, verified));
  }

  async #handled(verified: VerifiedEvent): Promise<void> {
    const { claimed, outcome: finished } = this.#dispatch(verified);
    const outcome = await inTime(this.#settings.mode === 'background' ? claimed : finished);
    if (outcome === 'failed') throw handlerFailed();
    if (outcome === 'unknown') throw notFinished();
  }

  async #stored(storing: EventStoring, signedText: string, verified: VerifiedEvent): Promise<void> {
    const { event } = verified;
    const work = this.#inProgress.run(
      () => event.type,
      () => this.#store(storing, signedText, verified),
    );
    const isStored = (await settledWithin(ANSWER_AFTER_MS, work)) ?? false;
    const { webhook } = this.#traces;
    if (webhook.hasListeners) webhook.publish({ ...tracedEvent(event), outcome: isStored ? 'queued' : 'unavailable' });
    if (!isStored) throw notStored();
  }

  // Caches must not be stale while the event waits. Handling the same event twice does no harm.
  async #store(storing: EventStoring, signedText: string, verified: VerifiedEvent): Promise<boolean> {
    await this.#parts.invalidator.notice(verified.event);
    return storing.store(signedText, verified);
  }

  // A host that reads bodies itself does not apply our limit.
  #refuseTooLarge({ length }: Buffer): void {
    const maxBytes = this.#settings.maxBodyBytes;
    if (length <= maxBytes) return;
    this.#parts.events.emit('bodyTooLarge', { bytes: length, maxBytes });
    throw tooLarge(maxBytes);
  }

  #noteGenuine({ event }: VerifiedEvent): void {
    const { invalidator, recent } = this.#parts;
    if (!invalidator.isRemoval(event)) recent.note(event.instanceId, event.issuedAt.getTime());
  }

  #dispatch({ key, event }: VerifiedEvent): Dispatch {
    const { dispatcher, handlers, invalidator } = this.#parts;
    const dispatch = dispatcher.dispatch(key, event, handlers.list, invalidator.handlerOf(event));
    void this.#inProgress.run(
      () => event.type,
      () => dispatch.outcome,
    );
    return dispatch;
  }

  #verified(signedText: string): VerifiedEvent {
    try {
      return this.#parts.verified.received(signedText);
    } catch (error) {
      this.#tellRefused(error);
      throw unauthorized(error, this.#parts.events);
    }
  }

  #tellRefused(error: unknown): void {
    const { webhook } = this.#traces;
    if (error instanceof WixAuthError) {
      this.#parts.events.emit('webhookRefused', { code: error.code, message: error.message });
    }
    if (webhook.hasListeners) webhook.publish({ ...endOf(error), outcome: 'refused' });
  }
}

const inTime = async (work: Promise<EventOutcome>): Promise<EventOutcome> =>
  (await settledWithin(ANSWER_AFTER_MS, work)) ?? 'unknown';
