import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';

import { onWixTrace, type WixCallTrace, type WixDecisionTrace, type WixWebhookTrace } from '../../../index.js';
import type { Ending } from './channels.js';
import type { EventRun } from './recorded-calls.js';

/** Finds which traced operation of this module is in progress at the current point. */
export class TracedWork {
  readonly runs: EventRun[] = [];
  readonly stop: Ending;
  readonly #calls = new AsyncLocalStorage<WixCallTrace>();
  readonly #events = new AsyncLocalStorage<EventRun>();

  /** @param decided - called during the request, when a guard has decided. */
  constructor(decided: (decision: WixDecisionTrace) => void) {
    const { start: calls } = tracingChannel<unknown, WixCallTrace>('nestjs-wix-auth:call');
    const { start: events } = tracingChannel<unknown, WixWebhookTrace>('nestjs-wix-auth:webhook');
    calls.bindStore(this.#calls);
    events.bindStore(this.#events, (message) => this.#begun(message));
    const endDecisions = onWixTrace('decision', decided);
    this.stop = () => {
      calls.unbindStore(this.#calls);
      events.unbindStore(this.#events);
      endDecisions();
    };
  }

  /** The call to Wix, with its attempts, that is being sent. */
  get currentCall(): WixCallTrace | undefined {
    return this.#calls.getStore();
  }

  /** The event that is being handled. */
  get currentRun(): EventRun | undefined {
    return this.#events.getStore();
  }

  #begun({ eventType: type = '', handler = '' }: WixWebhookTrace): EventRun {
    const run: EventRun = { type, handler, calls: [] };
    this.runs.push(run);
    return run;
  }
}
