import type { WixClock } from '../../src/core/clock.js';
import { NoInvalidationBus, type InvalidationBus } from '../../src/store/invalidation-bus.js';
import { SealedStore } from '../../src/store/sealed-store.js';
import { SharedInvalidations } from '../../src/store/shared-invalidations.js';
import { Sharing } from '../../src/store/sharing.js';
import type { TokenStore } from '../../src/store/token-store.js';
import { API_URL, app } from './app.js';

/** What a registration shares by a store, and by messages if there are any. */
export function sharingBy(
  store: TokenStore,
  clock: WixClock,
  invalidationBus: InvalidationBus = new NoInvalidationBus(),
  credentials = app(),
): Sharing {
  const invalidations = new SharedInvalidations(invalidationBus, credentials, API_URL);
  invalidations.onModuleInit();
  return new Sharing(new SealedStore(store, credentials, API_URL, clock), invalidations, clock, {
    requestTimeoutMs: 5_000,
  });
}
