import type { Provider } from '@nestjs/common';

import type { AppCredentials } from '../core/app-credentials.js';
import { AuthEvents } from '../core/auth-events.js';
import { WixClock } from '../core/clock.js';
import { KnownInstances } from '../core/identities/known-instances.js';
import { PresentedTokens } from '../core/identities/presented-tokens.js';
import { WixControlClient } from '../http/wix-control.client.js';
import { SealedStore } from '../store/sealed-store.js';
import { Sharing } from '../store/sharing.js';
import { Traces } from '../diagnostics/traces.js';
import { factoryProvider, type ProviderToken } from '../wiring/providers.js';
import { AccessTokenVerifier } from './introspection/access-token.verifier.js';
import { ForeignCredentials } from './introspection/foreign-credentials.js';
import { IntrospectionLimiter, type IntrospectionLimits } from './introspection/introspection-limiter.js';
import { RecentInstallations } from './introspection/recent-installations.js';
import { RefusalStreak } from './introspection/refusal-streak.js';
import { TokenInfoEndpoint } from './introspection/token-info.endpoint.js';
import { SignedInstanceVerifier } from './signed-instance.verifier.js';
import { WixIdentityService, type IdentitySettings as ServiceSettings } from './wix-identity.service.js';

/** What `identity/` is told of the options. */
export interface IdentitySettings {
  readonly app: AppCredentials;
  readonly verification: ServiceSettings & IntrospectionLimits;
  readonly signedInstance: false | { readonly maxAgeMs: number };
}

/** Who is calling. */
export const identityProviders = (settings: ProviderToken<IdentitySettings>): readonly Provider[] => [
  factoryProvider(
    TokenInfoEndpoint,
    [WixControlClient, WixClock, AuthEvents],
    (client, clock, events) => new TokenInfoEndpoint(client, new RefusalStreak(clock, events)),
  ),
  factoryProvider(
    RecentInstallations,
    [SealedStore, WixClock],
    (store, clock) => new RecentInstallations(store, clock),
  ),
  factoryProvider(
    WixIdentityService,
    [
      TokenInfoEndpoint,
      PresentedTokens,
      KnownInstances,
      RecentInstallations,
      Sharing,
      WixClock,
      settings,
      AuthEvents,
      Traces,
    ],
    (endpoint, presented, known, recent, sharing, clock, { app, verification, signedInstance }, events, traces) =>
      new WixIdentityService(
        {
          accessTokens: new AccessTokenVerifier(endpoint, clock, app.appId, new ForeignCredentials(app, events)),
          signedInstances: signedInstance && new SignedInstanceVerifier(app, clock, signedInstance.maxAgeMs),
          limiter: new IntrospectionLimiter(verification, recent, clock, traces),
          recent,
          presented,
          known,
          sharing,
          clock,
          appId: app.appId,
          traces,
          events,
        },
        verification,
      ),
  ),
];
