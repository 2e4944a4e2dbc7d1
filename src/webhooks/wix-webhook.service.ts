import { settledWithin } from '../core/concurrency/with-timeout.js';
import { endOf } from '../diagnostics/trace-channel.js';
import { Traces } from '../diagnostics/traces.js';
import { WixLogger } from '../diagnostics/wix-logger.js';
import type { KnownInstances } from '../core/identities/known-instances.js';
import type { AuthEvents } from '../core/auth-events.js';
import type { GracefulShutdown } from '../core/concurrency/graceful-shutdown.js';
import { WixAuthError, WixMisconfiguredError } from '../core/wix-auth.errors.js';
import { WorkInProgress } from '../core/concurrency/work-in-progress.js';
import type { EventCacheInvalidator } from './event-cache-invalidator.js';
import type { Dispatch, EventDispatcher, EventOutcome } from './events/event-dispatcher.js';
import type { EventHandlers } from './events/event-handlers.js';
import type { SdkEnvelopes } from './envelopes/sdk-envelopes.js';
import { eventKey } from './events/event-key.js';
import { readEvent } from './events/read-event.js';
import type { RecentInstallations } from '../identity/introspection/recent-installations.js';
import type { SignedTokenVerifier } from '../signed-requests/signed-token.verifier.js';
import {
  handlerFailed,
  notFinished,
  stopping,
  tooLarge,
  unauthorized,
} from '../signed-requests/bodies/request-exceptions.js';
import type { WebhookSettings } from './webhook.options.js';
import type { WixDomainEvent } from './events/wix-event.js';

/** What the webhook service works with. */
export interface WebhookParts {
  readonly verifier: SignedTokenVerifier;
  readonly invalidator: EventCacheInvalidator;
  readonly handlers: EventHandlers;
  readonly dispatcher: EventDispatcher;
  readonly known: KnownInstances;
  readonly envelopes: SdkEnvelopes;
  readonly events: AuthEvents;
  /** The installations that have proved genuine: an event that Wix signed is a proof. */
  readonly recent: Pick<RecentInstallations, 'note'>;
  /** Stops taking webhooks, and lets handlers finish. */
  readonly shutdown: Pick<GracefulShutdown, 'add'>;
  /** @default nothing listens */
  readonly traces?: Traces;
}

const HOUR_MS = 3_600_000;
// Wix sends an event for 47 hours, and it is not known whether it signs it anew each time.
const RULES = { maxAgeMs: 72 * HOUR_MS, required: [] } as const;
// Wix waits 1250 ms for the answer, the way there and back included.
const ANSWER_AFTER_MS = 1_000;
const WARN_EVERY_MS = 60_000;

/** How long finished work must be remembered: no webhook is accepted for longer. */
export const KEEP_DONE_MS = 96 * HOUR_MS;

/** Takes webhooks of Wix: verifies them, and lets the handlers marked with `@OnWixEvent` deal with their events. */
export class WixWebhookService {
  readonly #parts: WebhookParts;
  readonly #traces: Traces;
  readonly #settings: Pick<WebhookSettings, 'mode' | 'maxBodyBytes' | 'maxDepth'>;
  readonly #logger = new WixLogger();
  readonly #inProgress = new WorkInProgress();
  #isStopping = false;
  #quietUntilMs = 0;

  constructor(parts: WebhookParts, settings: Pick<WebhookSettings, 'mode' | 'maxBodyBytes' | 'maxDepth'>) {
    if (!parts.verifier.hasKeys) {
      throw new WixMisconfiguredError(
        'Webhooks cannot be verified: give WixAuthModule the publicKey from the app dashboard (Webhooks page).',
      );
    }
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
   */
  async receive(rawBody: Uint8Array | string): Promise<void> {
    if (this.#isStopping) throw stopping();
    const body = Buffer.from(rawBody);
    this.#refuseTooLarge(body);
    const { event, key } = this.#verified(body.toString('latin1').trim());

    const { claimed, outcome: finished } = this.#dispatch(key, event);
    const outcome = await inTime(this.#settings.mode === 'background' ? claimed : finished);
    if (outcome === 'failed') throw handlerFailed();
    if (outcome === 'unknown') throw notFinished();
  }

  // A host that reads bodies itself has no limit of ours.
  #refuseTooLarge({ length }: Buffer): void {
    const maxBytes = this.#settings.maxBodyBytes;
    if (length <= maxBytes) return;
    this.#parts.events.emit('bodyTooLarge', { bytes: length, maxBytes });
    throw tooLarge(maxBytes);
  }

  #dispatch(key: string, event: WixDomainEvent): Dispatch {
    const { dispatcher, handlers, invalidator, recent } = this.#parts;
    if (!invalidator.isRemoval(event)) recent.note(event.instanceId, event.issuedAt.getTime());
    const dispatch = dispatcher.dispatch(key, event, handlers.list, invalidator.handlerOf(event));
    void this.#inProgress.run(
      () => event.type,
      () => dispatch.outcome,
    );
    return dispatch;
  }

  #verified(token: string): { readonly event: WixDomainEvent; readonly key: string } {
    try {
      const claims = this.#parts.verifier.verify(token, RULES);
      const event = this.#parts.known.add(readEvent(claims, this.#settings.maxDepth));
      this.#parts.envelopes.remember(event, claims);
      return { event, key: eventKey(this.#parts.verifier.appId, event, claims) };
    } catch (error) {
      this.#warn(error);
      this.#publishRefused(error);
      throw unauthorized(error);
    }
  }

  #publishRefused(error: unknown): void {
    const { webhook } = this.#traces;
    if (webhook.hasListeners) webhook.publish({ ...endOf(error), outcome: 'refused' });
  }

  // A wrong public key must be noticed; a flood of forgeries must not fill the log.
  #warn(error: unknown): void {
    const nowMs = performance.now();
    if (!(error instanceof WixAuthError) || nowMs < this.#quietUntilMs) return;
    this.#quietUntilMs = nowMs + WARN_EVERY_MS;
    this.#logger.warn(`A webhook was refused (${error.code}): ${error.message}`);
  }
}

const inTime = async (work: Promise<EventOutcome>): Promise<EventOutcome> =>
  (await settledWithin(ANSWER_AFTER_MS, work)) ?? 'unknown';
