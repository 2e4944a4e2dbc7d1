import type { AuthEvents } from '../core/auth-events.js';
import type { WixStoreTrace } from './trace-messages.js';
import type { Traces } from './traces.js';

type StoreName = WixStoreTrace['store'];

/** Publishes the events of stores and circuits on their channels. */
export class EventTraces {
  readonly #traces: Traces;
  readonly #failing = new Set<StoreName>();

  constructor(events: AuthEvents, traces: Traces) {
    this.#traces = traces;
    events.on('storeFailed', ({ store, reason }) => this.#storeFailed(store, reason));
    events.on('storeRecovered', ({ store }) => this.#storeRecovered(store));
    events.on('ledgerFailed', ({ reason }) => this.#storeFailed('ledger', reason));
    events.on('ledgerRecovered', () => this.#storeRecovered('ledger'));
    events.on('queueFailed', ({ reason, storing }) => {
      if (storing) this.#storeFailed('event queue', reason);
    });
    events.on('queueRecovered', () => this.#storeRecovered('event queue'));
    events.on('circuitOpened', ({ requestId: wixRequestId, ...opened }) => {
      if (traces.circuit.hasListeners) traces.circuit.publish({ ...opened, state: 'open', wixRequestId });
    });
    events.on('circuitClosed', (closed) => {
      if (traces.circuit.hasListeners) traces.circuit.publish({ ...closed, state: 'closed' });
    });
  }

  // Repeated as long as it fails.
  #storeFailed(store: StoreName, reason: string): void {
    if (this.#failing.has(store)) return;
    this.#failing.add(store);
    if (this.#traces.store.hasListeners) this.#traces.store.publish({ store, state: 'failing', reason });
  }

  #storeRecovered(store: StoreName): void {
    if (!this.#failing.delete(store)) return;
    if (this.#traces.store.hasListeners) this.#traces.store.publish({ store, state: 'working' });
  }
}
