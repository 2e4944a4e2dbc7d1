import type { Provider } from '@nestjs/common';

import { AuthEvents } from '../core/auth-events.js';
import { WixClock } from '../core/clock.js';
import { KnownInstances } from '../core/identities/known-instances.js';
import { WixControlClient } from '../http/wix-control.client.js';
import { Sharing } from '../store/sharing.js';
import { CallTokens } from '../tokens/call-tokens.js';
import { Traces } from '../diagnostics/traces.js';
import { classProvider, factoryProvider, type ProviderToken } from '../wiring/providers.js';
import { AppRequests } from './app-requests.js';
import { AppInstanceEndpoint } from './instances/app-instance.endpoint.js';
import { WixInstances } from './instances/wix-instances.js';
import { WixPlansService } from './plans/wix-plans.service.js';
import type { TtlCacheSettings } from './ttl-cache.js';
import { ContributorUserGrants, type UserRoleMap } from './users/contributor-user-grants.js';
import { ContributorsEndpoint } from './users/contributors.endpoint.js';
import { NoVisitorGrants, UserGrants, VisitorGrants } from './users/user-grants.js';
import { WixGrantsService } from './wix-grants.service.js';

/** What `grants/` is told of the options. */
export interface GrantsSettings {
  readonly grants: TtlCacheSettings & { readonly userRoles: UserRoleMap };
}

/** What the app and its callers may do on a site, and what Wix says of the installation there. */
export const grantsProviders = (settings: ProviderToken<GrantsSettings>): readonly Provider[] => [
  factoryProvider(AppRequests, [WixControlClient, CallTokens], (client, tokens) => new AppRequests(client, tokens)),
  factoryProvider(
    UserGrants,
    [AppRequests, settings],
    (requests, { grants }) => new ContributorUserGrants(new ContributorsEndpoint(requests), grants.userRoles),
  ),
  classProvider(VisitorGrants, NoVisitorGrants),
  factoryProvider(
    WixGrantsService,
    [WixInstances, UserGrants, VisitorGrants, KnownInstances, Sharing, WixClock, settings, Traces, AuthEvents],
    (instances, users, visitors, known, sharing, clock, { grants }, traces, events) =>
      new WixGrantsService({ instances, users, visitors, known }, sharing, clock, grants, traces, events),
  ),
  factoryProvider(
    WixInstances,
    [AppRequests, Sharing, WixClock, settings, Traces, AuthEvents],
    (requests, sharing, clock, { grants }, traces, events) =>
      new WixInstances(new AppInstanceEndpoint(requests), sharing, clock, grants, traces, events),
  ),
  factoryProvider(
    WixPlansService,
    [WixInstances, Sharing, WixClock],
    (instances, sharing, clock) => new WixPlansService(instances, sharing, clock),
  ),
];
