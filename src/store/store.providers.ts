import type { Provider } from '@nestjs/common';

import type { AppCredentials } from '../core/app-credentials.js';
import { AuthEvents } from '../core/auth-events.js';
import { WixClock } from '../core/clock.js';
import { GracefulShutdown } from '../core/concurrency/graceful-shutdown.js';
import { Traces } from '../diagnostics/traces.js';
import { factoryProvider, type ProviderToken } from '../wiring/providers.js';
import { EventLedger } from './event-ledger.js';
import { InvalidationBus } from './invalidation-bus.js';
import { SealedStore } from './sealed-store.js';
import { SharedInvalidations } from './shared-invalidations.js';
import { Sharing } from './sharing.js';
import { SharingReport } from './sharing-report.js';
import { StoreCircuit } from './store-circuit.js';
import { TokenStore } from './token-store.js';

/** What `store/` is told of the options. */
export interface StoreSettings {
  readonly app: AppCredentials;
  readonly apiUrl: string;
  readonly requestTimeoutMs: number;
}

/**
 * What processes share, by the ports {@link TokenStore} and {@link InvalidationBus}.
 *
 * @param ledger - whether there is an {@link EventLedger} too.
 */
export const storeProviders = (settings: ProviderToken<StoreSettings>, ledger: boolean): readonly Provider[] => [
  factoryProvider(StoreCircuit, [AuthEvents], (events) => new StoreCircuit(events)),
  factoryProvider(
    SealedStore,
    [TokenStore, settings, WixClock, StoreCircuit, GracefulShutdown],
    (store, { app, apiUrl }, clock, circuit, shutdown) => {
      const sealedStore = new SealedStore(store, app, apiUrl, clock, circuit);
      shutdown.add({ giveBack: () => sealedStore.releaseLeases() });
      return sealedStore;
    },
  ),
  factoryProvider(
    SharedInvalidations,
    [InvalidationBus, settings, StoreCircuit],
    (invalidationBus, { app, apiUrl }, circuit) => new SharedInvalidations(invalidationBus, app, apiUrl, circuit),
  ),
  factoryProvider(
    Sharing,
    [SealedStore, SharedInvalidations, WixClock, settings, Traces],
    (store, invalidations, clock, { requestTimeoutMs }, traces) =>
      new Sharing(store, invalidations, clock, { requestTimeoutMs }, traces),
  ),
  ledger ? reportWithLedger : reportWithoutLedger,
];

const reportWithLedger = factoryProvider(
  SharingReport,
  [TokenStore, InvalidationBus, EventLedger, AuthEvents],
  (tokens, invalidation, ledger, events) => new SharingReport({ tokens, invalidation, ledger }, events),
);

const reportWithoutLedger = factoryProvider(
  SharingReport,
  [TokenStore, InvalidationBus, AuthEvents],
  (tokens, invalidation, events) => new SharingReport({ tokens, invalidation, ledger: undefined }, events),
);
