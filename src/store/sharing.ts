import type { WixClock } from '../core/clock.js';
import { Traces } from '../diagnostics/traces.js';
import type { SealedStore } from './sealed-store.js';
import type { SharedInvalidations } from './shared-invalidations.js';
import { SharedValues } from './shared-values.js';

/** What one registration shares with its other processes: values, and messages about what is to be forgotten. */
export class Sharing {
  readonly store: SealedStore;
  readonly invalidations: SharedInvalidations;
  readonly #clock: WixClock;
  readonly #traces: Traces;
  readonly #settings: { readonly requestTimeoutMs: number };

  constructor(
    store: SealedStore,
    invalidations: SharedInvalidations,
    clock: WixClock,
    settings: { readonly requestTimeoutMs: number },
    traces = new Traces(),
  ) {
    this.#traces = traces;
    this.store = store;
    this.invalidations = invalidations;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** The values of one kind. @param requests - how many requests to Wix one may take. */
  values(kind: string, requests = 1): SharedValues {
    return new SharedValues(kind, this.store, this.#clock, requests * this.#settings.requestTimeoutMs, this.#traces);
  }
}
