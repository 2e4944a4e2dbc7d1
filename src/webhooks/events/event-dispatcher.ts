import { randomUUID } from 'node:crypto';

import { WixLogger } from '../../diagnostics/wix-logger.js';
import { SingleFlight } from '../../core/single-flight.js';
import { workKey } from './event-key.js';
import { handles, type EventHandler } from './event-handler.js';
import type { EventLedger } from '../../store/event-ledger.js';
import type { WixDomainEvent } from './wix-event.js';

/** What became of an event: every handler succeeded, one failed, or it is not known yet. */
export type EventOutcome = 'done' | 'failed' | 'unknown';

/** How long the ledger is told to remember. */
export interface DispatchSettings {
  /** Milliseconds finished work is remembered: longer than a webhook is accepted. */
  readonly keepDoneMs: number;
}

const LEASE_MS = 30_000;
const RENEW_EVERY_MS = 10_000;

/** Runs the handlers of an event: each until it has succeeded once, however often Wix sends the event. */
export class EventDispatcher {
  readonly #ledger: EventLedger;
  readonly #settings: DispatchSettings;
  readonly #inProgress = new SingleFlight<EventOutcome>();
  readonly #logger = new WixLogger();

  constructor(ledger: EventLedger, settings: DispatchSettings) {
    this.#ledger = ledger;
    this.#settings = settings;
  }

  /** Deals with an event; one that is being dealt with in this process is joined. Never fails. */
  dispatch(key: string, event: WixDomainEvent, handlers: readonly EventHandler[]): Promise<EventOutcome> {
    const matching = handlers.filter((handler) => handles(handler, event));
    return this.#inProgress.run(key, () => this.#runAll(key, event, matching));
  }

  async #runAll(key: string, event: WixDomainEvent, handlers: readonly EventHandler[]): Promise<EventOutcome> {
    const outcomes = await Promise.all(
      handlers.map((handler) => this.#settle(workKey(key, handler.name), event, handler)),
    );
    return worstOf(outcomes);
  }

  async #settle(key: string, event: WixDomainEvent, handler: EventHandler): Promise<EventOutcome> {
    try {
      const claimant = randomUUID();
      const claim = await this.#ledger.claim(key, claimant, LEASE_MS);
      if (claim !== 'claimed') return claim === 'done' ? 'done' : 'unknown';
      return await this.#work(key, claimant, event, handler);
    } catch (error) {
      this.#logger.error(`The event ledger failed, so Wix is asked to send ${nameOf(event)} again. ${reasonOf(error)}`);
      return 'unknown';
    }
  }

  async #work(key: string, claimant: string, event: WixDomainEvent, handler: EventHandler): Promise<EventOutcome> {
    if (await this.#succeeds(key, claimant, event, handler)) {
      await this.#ledger.complete(key, this.#settings.keepDoneMs);
      return 'done';
    }
    await this.#ledger.release(key, claimant);
    return 'failed';
  }

  async #succeeds(key: string, claimant: string, event: WixDomainEvent, handler: EventHandler): Promise<boolean> {
    const renewal = setInterval(() => this.#renew(key, claimant), RENEW_EVERY_MS);
    try {
      await handler.run(event);
      return true;
    } catch (error) {
      this.#logger.error(`${handler.name} failed on ${nameOf(event)}; Wix will send it again.`, stackOf(error));
      return false;
    } finally {
      clearInterval(renewal);
    }
  }

  #renew(key: string, claimant: string): void {
    this.#ledger.renew(key, claimant, LEASE_MS).catch((error: unknown) => {
      this.#logger.warn(`A claim to an event could not be renewed. ${reasonOf(error)}`);
    });
  }
}

function worstOf(outcomes: readonly EventOutcome[]): EventOutcome {
  if (outcomes.includes('failed')) return 'failed';
  return outcomes.includes('unknown') ? 'unknown' : 'done';
}

const nameOf = (event: WixDomainEvent): string => (event.id === undefined ? event.type : `${event.type} ${event.id}`);
const reasonOf = (error: unknown): string => (error instanceof Error ? error.name : 'Unknown error');

// The text alone: an error object, printed, may show requests and their headers.
const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : 'Not an Error');
