import { KnownInstances } from '../../src/core/identities/known-instances.js';
import { PresentedTokens } from '../../src/core/identities/presented-tokens.js';
import type { TokenStore } from '../../src/store/token-store.js';
import { AppTokens } from '../../src/tokens/app-tokens.js';
import type { TokenEndpoint } from '../../src/tokens/token.endpoint.js';
import { WixTokenService } from '../../src/tokens/wix-token.service.js';
import type { FakeClock } from './fake-clock.js';
import { sharingBy } from './sharing.js';

/** The token service on an endpoint and a store, with what it is made of. */
export function tokensFrom(
  endpoint: TokenEndpoint,
  store: TokenStore,
  clock: FakeClock,
  onBehalfOf: 'exchange' | 'forward' = 'exchange',
) {
  const sharing = sharingBy(store, clock);
  const known = new KnownInstances(clock);
  const presented = new PresentedTokens();
  const appTokens = new AppTokens(endpoint, sharing, clock, { leewayMs: 60_000, refreshAheadMs: 300_000 });
  const parts = { appTokens, endpoint, presented, known, sharing, clock };
  return { tokens: new WixTokenService(parts, { onBehalfOf }), appTokens, known, presented };
}
