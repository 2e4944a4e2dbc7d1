import { HttpService } from '@nestjs/axios';
import { Cache } from '@nestjs/cache-manager';
import type { DynamicModule, Provider, Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, ApplicationConfig, ModuleRef, ModulesContainer } from '@nestjs/core';

import { AccessPolicies } from './access/policy/access-policies.js';
import type { WixAuthority } from './access/policy/authority.js';
import { CredentialSource } from './access/credentials/credential-source.js';
import { HttpCredentialSource } from './access/credentials/http-credential.source.js';
import { withReplacedKnown } from './access/guards/replaced-identities.js';
import { GlobalWixAuthGuard } from './access/guards/global-wix-auth.guard.js';
import { WixAccess } from './access/guards/wix-access.service.js';
import { WixAuthExceptionFilter } from './access/responses/wix-auth-exception.filter.js';
import { WixAuthGuard } from './access/guards/wix-auth.guard.js';
import { WixRouteExplorer } from './access/routes/wix-route.explorer.js';
import { CallWire } from './client/sending/call-wire.js';
import { WixHttpService } from './client/wix-http.service.js';
import { AuthEvents } from './core/auth-events.js';
import { SystemClock, WixClock } from './core/clock.js';
import { KnownInstances } from './core/identities/known-instances.js';
import { GracefulShutdown } from './core/concurrency/graceful-shutdown.js';
import { PresentedTokens } from './core/identities/presented-tokens.js';
import { AUTHORITY } from './core/marks.js';
import { EventLog } from './diagnostics/event-log.js';
import { AppInstanceEndpoint } from './grants/instances/app-instance.endpoint.js';
import { AppRequests } from './grants/app-requests.js';
import { ContributorUserGrants } from './grants/users/contributor-user-grants.js';
import { ContributorsEndpoint } from './grants/users/contributors.endpoint.js';
import { NoVisitorGrants, UserGrants, VisitorGrants } from './grants/users/user-grants.js';
import { WixGrantsService } from './grants/wix-grants.service.js';
import { WixInstances } from './grants/instances/wix-instances.js';
import { InstanceLimiter } from './http/limits/instance-limiter.js';
import { WixAgents } from './http/wix-agents.js';
import { WixControlClient } from './http/wix-control.client.js';
import { WixDestination } from './http/wix-destination.js';
import { AccessTokenVerifier } from './identity/introspection/access-token.verifier.js';
import { ForeignCredentials } from './identity/introspection/foreign-credentials.js';
import { IntrospectionLimiter } from './identity/introspection/introspection-limiter.js';
import { RecentInstallations } from './identity/introspection/recent-installations.js';
import { SignedInstanceVerifier } from './identity/signed-instance.verifier.js';
import { TokenInfoEndpoint } from './identity/introspection/token-info.endpoint.js';
import { WixIdentityService } from './identity/wix-identity.service.js';
import { installExports, installProviders } from './install/install.providers.js';
import { InstallPlatform } from './install/flows/install-platform.js';
import { factoryProvider } from './nest/factory-provider.js';
import { RouteAddresses } from './nest/route-addresses.js';
import { WixSdkClientFactory } from './sdk/wix-sdk-client.factory.js';
import { RedisInvalidationBus } from './redis/redis-invalidation-bus.js';
import { RedisBehindCache } from './redis/redis-behind-cache.js';
import { RedisEventLedger } from './redis/redis-event.ledger.js';
import { RedisTokenStore } from './redis/redis-token.store.js';
import { InvalidationBus, NoInvalidationBus } from './store/invalidation-bus.js';
import { CacheManagerTokenStore } from './store/cache-manager-token.store.js';
import { SealedStore } from './store/sealed-store.js';
import { SharedInvalidations } from './store/shared-invalidations.js';
import { Sharing } from './store/sharing.js';
import { SharingReport } from './store/sharing-report.js';
import { StoreCircuit } from './store/store-circuit.js';
import { TokenStore } from './store/token-store.js';
import { AppTokens } from './tokens/app-tokens.js';
import { CallTokens } from './tokens/call-tokens.js';
import { InstanceTokenSource, NoInstanceTokenSource } from './tokens/instance-token.source.js';
import { TokenEndpoint } from './tokens/token.endpoint.js';
import { WixTokenService } from './tokens/wix-token.service.js';
import { EventLedger } from './store/event-ledger.js';
import { InMemoryEventLedger } from './webhooks/ledger/in-memory-event-ledger.js';
import { SignedTokenVerifier } from './signed-requests/signed-token.verifier.js';
import { webhookExports, webhookProviders } from './webhooks/webhooks.providers.js';
import type { WixAuthExtras } from './options/module-definition.js';
import { ResolvedWixAuthOptions } from './options/wix-auth.options.js';

const httpProviders: readonly Provider[] = [
  factoryProvider(WixAgents, [GracefulShutdown], (shutdown) => new WixAgents(shutdown)),
  factoryProvider(
    WixControlClient,
    [HttpService, WixAgents, WixClock, ResolvedWixAuthOptions, AuthEvents],
    (http, agents, clock, { apiUrl, requestTimeoutMs, verification: { maxWaitMs } }, events) =>
      new WixControlClient(http, agents, clock, { apiUrl, requestTimeoutMs, maxWaitMs }, events),
  ),
];

const storeProviders: readonly Provider[] = [
  factoryProvider(StoreCircuit, [AuthEvents], (events) => new StoreCircuit(events)),
  factoryProvider(
    RedisBehindCache,
    [Cache, GracefulShutdown, AuthEvents],
    (cache, shutdown, events) => new RedisBehindCache(cache, shutdown, events),
  ),
  factoryProvider(
    TokenStore,
    [Cache, RedisBehindCache, ResolvedWixAuthOptions],
    (cache, { connection }, { sharesCache }) =>
      connection === undefined ? new CacheManagerTokenStore(cache, sharesCache) : new RedisTokenStore(connection),
  ),
  factoryProvider(InvalidationBus, [RedisBehindCache, GracefulShutdown], ({ connection }, shutdown) =>
    connection === undefined ? new NoInvalidationBus() : new RedisInvalidationBus(connection, shutdown),
  ),
  factoryProvider(
    SealedStore,
    [TokenStore, ResolvedWixAuthOptions, WixClock, StoreCircuit, GracefulShutdown],
    (store, { app, apiUrl }, clock, circuit, shutdown) => {
      const sealedStore = new SealedStore(store, app, apiUrl, clock, circuit);
      shutdown.add({ giveBack: () => sealedStore.releaseLeases() });
      return sealedStore;
    },
  ),
  factoryProvider(
    SharedInvalidations,
    [InvalidationBus, ResolvedWixAuthOptions, StoreCircuit],
    (invalidationBus, { app, apiUrl }, circuit) => new SharedInvalidations(invalidationBus, app, apiUrl, circuit),
  ),
  factoryProvider(
    Sharing,
    [SealedStore, SharedInvalidations, WixClock, ResolvedWixAuthOptions],
    (store, invalidations, clock, options) => new Sharing(store, invalidations, clock, options),
  ),
];

const tokenProviders: readonly Provider[] = [
  factoryProvider(
    TokenEndpoint,
    [WixControlClient, ResolvedWixAuthOptions, WixClock],
    (client, { app }, clock) => new TokenEndpoint(client, app, clock),
  ),
  { provide: InstanceTokenSource, useClass: NoInstanceTokenSource },
  factoryProvider(
    AppTokens,
    [TokenEndpoint, Sharing, WixClock, ResolvedWixAuthOptions, InstanceTokenSource],
    (endpoint, sharing, clock, { tokens }, source) => new AppTokens(endpoint, sharing, clock, tokens, source),
  ),
  factoryProvider(
    WixTokenService,
    [AppTokens, TokenEndpoint, PresentedTokens, KnownInstances, Sharing, WixClock, ResolvedWixAuthOptions],
    (appTokens, endpoint, presented, known, sharing, clock, { onBehalfOf }) =>
      new WixTokenService({ appTokens, endpoint, presented, known, sharing, clock }, { onBehalfOf }),
  ),
];

const identityProviders: readonly Provider[] = [
  factoryProvider(TokenInfoEndpoint, [WixControlClient], (client) => new TokenInfoEndpoint(client)),
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
      ResolvedWixAuthOptions,
      AuthEvents,
    ],
    (endpoint, presented, known, recent, sharing, clock, { app, verification, signedInstance }, events) =>
      new WixIdentityService(
        {
          accessTokens: new AccessTokenVerifier(endpoint, clock, app.appId, new ForeignCredentials(app, events)),
          signedInstances: signedInstance && new SignedInstanceVerifier(app, clock, signedInstance.maxAgeMs),
          limiter: new IntrospectionLimiter(verification, recent, clock),
          recent,
          presented,
          known,
          sharing,
          clock,
          appId: app.appId,
        },
        verification,
      ),
  ),
];

const grantsProviders: readonly Provider[] = [
  factoryProvider(AppRequests, [WixControlClient, CallTokens], (client, tokens) => new AppRequests(client, tokens)),
  factoryProvider(
    UserGrants,
    [AppRequests, ResolvedWixAuthOptions],
    (requests, { grants }) => new ContributorUserGrants(new ContributorsEndpoint(requests), grants.userRoles),
  ),
  { provide: VisitorGrants, useClass: NoVisitorGrants },
  factoryProvider(
    WixGrantsService,
    [AppRequests, UserGrants, VisitorGrants, KnownInstances, Sharing, WixClock, ResolvedWixAuthOptions],
    (requests, users, visitors, known, sharing, clock, { grants }) =>
      new WixGrantsService({ app: new AppInstanceEndpoint(requests), users, visitors, known }, sharing, clock, grants),
  ),
];

const globalGuardProvider: Provider = {
  provide: APP_GUARD,
  inject: [ModuleRef],
  // The mark tells what it makes before it is made, as in Nest's preview mode.
  useFactory: Object.assign((module: ModuleRef) => new GlobalWixAuthGuard(module), {
    [AUTHORITY]: 'auth' satisfies WixAuthority,
  }),
};

const accessProviders = (globalGuard: boolean): readonly Provider[] => [
  factoryProvider(
    CredentialSource,
    [ResolvedWixAuthOptions],
    ({ signedInstance }) => new HttpCredentialSource(signedInstance === false ? undefined : signedInstance.header),
  ),
  factoryProvider(AccessPolicies, [ApplicationConfig], (config) => new AccessPolicies(config)),
  factoryProvider(
    WixAccess,
    [AccessPolicies, CredentialSource, WixIdentityService, WixGrantsService, KnownInstances, AuthEvents, WixClock],
    (policies, source, identities, grants, known, events, clock) =>
      new WixAccess({ policies, source, identities: withReplacedKnown(identities, known), grants, events, clock }),
  ),
  factoryProvider(
    WixRouteExplorer,
    [ModulesContainer, ApplicationConfig, AccessPolicies, WixAccess, ResolvedWixAuthOptions],
    (modules, config, policies, access, { logging }) =>
      new WixRouteExplorer({ modules, config, policies, access }, { globalGuard, routes: logging.routes }),
  ),
  { provide: APP_FILTER, useClass: WixAuthExceptionFilter },
  ...(globalGuard ? [WixAuthGuard, globalGuardProvider] : []),
];

const callProviders: readonly Provider[] = [
  factoryProvider(
    CallTokens,
    [WixTokenService, AppTokens, KnownInstances, WixClock],
    (tokens, appTokens, known, clock) => new CallTokens({ tokens, appTokens, known, clock }),
  ),
  factoryProvider(WixDestination, [ResolvedWixAuthOptions], ({ apiUrl }) => new WixDestination(apiUrl)),
  factoryProvider(
    InstanceLimiter,
    [ResolvedWixAuthOptions],
    ({ calls: { requestsPerMinute } }) => new InstanceLimiter(requestsPerMinute),
  ),
  factoryProvider(
    WixHttpService,
    [CallTokens, WixAgents, WixDestination, InstanceLimiter, WixClock, ResolvedWixAuthOptions],
    (tokens, agents, destination, limiter, clock, { apiUrl, calls }) =>
      new WixHttpService(
        { tokens, wire: new CallWire(agents.of('calls')), agents, destination, limiter, clock },
        { apiUrl, ...calls },
      ),
  ),
  factoryProvider(
    WixSdkClientFactory,
    [CallTokens, WixAgents, WixDestination, InstanceLimiter],
    (tokens, agents, destination, limiter) => new WixSdkClientFactory({ tokens, agents, destination, limiter }),
  ),
];

const installationProviders = (install: WixAuthExtras['install']): readonly Provider[] => [
  { provide: InstallPlatform, useExisting: ResolvedWixAuthOptions },
  factoryProvider(
    WixInstances,
    [AppRequests, SharedInvalidations, WixClock, ResolvedWixAuthOptions],
    (requests, invalidations, clock, { grants }) => new WixInstances(requests, invalidations, clock, grants),
  ),
  ...installProviders(install),
];

const eventLedgerProvider = factoryProvider(
  EventLedger,
  [RedisBehindCache, WixClock, ResolvedWixAuthOptions],
  ({ connection }, clock, { app, apiUrl }) =>
    connection === undefined ? new InMemoryEventLedger(clock) : new RedisEventLedger(connection, app, apiUrl),
);

const sharingReportProvider = (webhooks: WixAuthExtras['webhooks']): Provider =>
  webhooks === undefined
    ? factoryProvider(
        SharingReport,
        [TokenStore, InvalidationBus, AuthEvents],
        (tokens, invalidation, events) => new SharingReport({ tokens, invalidation, ledger: undefined }, events),
      )
    : factoryProvider(
        SharingReport,
        [TokenStore, InvalidationBus, EventLedger, AuthEvents],
        (tokens, invalidation, ledger, events) => new SharingReport({ tokens, invalidation, ledger }, events),
      );

const signedRequestProviders = (
  webhooks: WixAuthExtras['webhooks'],
  endpoints: readonly Type[],
): readonly Provider[] => [
  factoryProvider(
    SignedTokenVerifier,
    [ResolvedWixAuthOptions, WixClock],
    ({ publicKeys, app }, clock) => new SignedTokenVerifier(publicKeys, app.appId, clock),
  ),
  ...(webhooks === undefined ? [] : [eventLedgerProvider]),
  sharingReportProvider(webhooks),
  ...webhookProviders(webhooks, endpoints),
];

/** Everything one registration is made of. What comes later replaces a default that has the same token. */
export const registrationProviders = (
  extras: Partial<WixAuthExtras>,
  webhookEndpoints: readonly Type[],
): readonly Provider[] => [
  { provide: WixClock, useClass: SystemClock },
  factoryProvider(
    RouteAddresses,
    [ModulesContainer, ApplicationConfig],
    (modules, config) => new RouteAddresses(modules, config),
  ),
  PresentedTokens,
  AuthEvents,
  factoryProvider(EventLog, [AuthEvents], (events) => new EventLog(events)),
  factoryProvider(KnownInstances, [WixClock], (clock) => new KnownInstances(clock)),
  factoryProvider(
    GracefulShutdown,
    [ResolvedWixAuthOptions, AuthEvents],
    ({ shutdownTimeoutMs }, events) => new GracefulShutdown(shutdownTimeoutMs, events),
  ),
  ...httpProviders,
  ...storeProviders,
  ...tokenProviders,
  ...identityProviders,
  ...grantsProviders,
  ...accessProviders(extras.globalGuard ?? false),
  ...callProviders,
  ...signedRequestProviders(extras.webhooks, webhookEndpoints),
  ...installationProviders(extras.install),
];

/** What other modules may inject: the services, and what the guards are made with in each module that uses them. */
export const registrationExports = (extras: Partial<WixAuthExtras>): NonNullable<DynamicModule['exports']> => [
  WixTokenService,
  WixIdentityService,
  WixGrantsService,
  WixHttpService,
  WixClock,
  AuthEvents,
  WixAccess,
  WixSdkClientFactory,
  ...webhookExports(extras.webhooks),
  ...installExports(extras.install),
];
