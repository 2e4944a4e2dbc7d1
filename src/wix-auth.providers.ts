import { HttpService } from '@nestjs/axios';
import { Cache } from '@nestjs/cache-manager';
import type { DynamicModule, Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, ApplicationConfig, ModulesContainer } from '@nestjs/core';

import { AccessPolicies } from './access/access-policies.js';
import { CredentialSource } from './access/credential-source.js';
import { HttpCredentialSource } from './access/http-credential.source.js';
import { WixAccess } from './access/wix-access.service.js';
import { WixAuthExceptionFilter } from './access/wix-auth-exception.filter.js';
import { WixAuthGuard } from './access/wix-auth.guard.js';
import { WixRouteExplorer } from './access/wix-route.explorer.js';
import { CallWire } from './client/call-wire.js';
import { WixHttpService } from './client/wix-http.service.js';
import { SystemClock, WixClock } from './core/clock.js';
import { PresentedTokens } from './core/presented-tokens.js';
import { AppInstanceEndpoint } from './grants/app-instance.endpoint.js';
import { AppQuestions } from './grants/app-questions.js';
import { ContributorUserGrants } from './grants/contributor-user-grants.js';
import { ContributorsEndpoint } from './grants/contributors.endpoint.js';
import { NoVisitorGrants, UserGrants, VisitorGrants } from './grants/user-grants.js';
import { WixGrantsService } from './grants/wix-grants.service.js';
import { WixInstances } from './grants/wix-instances.js';
import { InstanceLimiter } from './http/instance-limiter.js';
import { WixAgents } from './http/wix-agents.js';
import { WixControlClient } from './http/wix-control.client.js';
import { WixDestination } from './http/wix-destination.js';
import { AccessTokenVerifier } from './identity/access-token.verifier.js';
import { QuestionLimiter } from './identity/question-limiter.js';
import { SignedInstanceVerifier } from './identity/signed-instance.verifier.js';
import { TokenInfoEndpoint } from './identity/token-info.endpoint.js';
import { WixIdentityService } from './identity/wix-identity.service.js';
import { installExports, installProviders } from './install/install.providers.js';
import { InstallPlatform } from './install/install-platform.js';
import { made } from './nest/made-provider.js';
import { WixSdkClientFactory } from './sdk/wix-sdk-client.factory.js';
import { RedisAnnouncements } from './redis/redis-announcements.js';
import { RedisBehindCache } from './redis/redis-behind-cache.js';
import { RedisEventLedger } from './redis/redis-event.ledger.js';
import { RedisTokenStore } from './redis/redis-token.store.js';
import { Announcements, NoAnnouncements } from './store/announcements.js';
import { CacheManagerTokenStore } from './store/cache-manager-token.store.js';
import { SealedStore } from './store/sealed-store.js';
import { SharedNews } from './store/shared-news.js';
import { Sharing } from './store/sharing.js';
import { StoreCircuit } from './store/store-circuit.js';
import { TokenStore } from './store/token-store.js';
import { CallTokens } from './tokens/call-tokens.js';
import { InstanceTokenSource, NoInstanceTokenSource } from './tokens/instance-token.source.js';
import { TokenEndpoint } from './tokens/token.endpoint.js';
import { WixTokenService } from './tokens/wix-token.service.js';
import { EventLedger } from './webhooks/event-ledger.js';
import { InMemoryEventLedger } from './webhooks/in-memory-event-ledger.js';
import { SignedTokenVerifier } from './webhooks/signed-token.verifier.js';
import { webhookExports, webhookProviders } from './webhooks/webhooks.providers.js';
import type { WixAuthExtras } from './wix-auth.module-definition.js';
import { ResolvedWixAuthOptions } from './wix-auth.options.js';

const httpProviders: readonly Provider[] = [
  WixAgents,
  made(
    WixControlClient,
    [HttpService, WixAgents, WixClock, ResolvedWixAuthOptions],
    (http, agents, clock, options) => new WixControlClient(http, agents, clock, options),
  ),
];

const storeProviders: readonly Provider[] = [
  StoreCircuit,
  made(RedisBehindCache, [Cache], (cache) => new RedisBehindCache(cache)),
  made(TokenStore, [Cache, RedisBehindCache, ResolvedWixAuthOptions], (cache, { connection }, { sharesCache }) =>
    connection === undefined ? new CacheManagerTokenStore(cache, sharesCache) : new RedisTokenStore(connection),
  ),
  made(Announcements, [RedisBehindCache], ({ connection }) =>
    connection === undefined ? new NoAnnouncements() : new RedisAnnouncements(connection),
  ),
  made(
    SealedStore,
    [TokenStore, ResolvedWixAuthOptions, WixClock, StoreCircuit],
    (store, { app, apiUrl }, clock, circuit) => new SealedStore(store, app, apiUrl, clock, circuit),
  ),
  made(
    SharedNews,
    [Announcements, ResolvedWixAuthOptions, StoreCircuit],
    (announcements, { app, apiUrl }, circuit) => new SharedNews(announcements, app, apiUrl, circuit),
  ),
  made(
    Sharing,
    [SealedStore, SharedNews, WixClock, ResolvedWixAuthOptions],
    (store, news, clock, options) => new Sharing(store, news, clock, options),
  ),
];

const tokenProviders: readonly Provider[] = [
  made(
    TokenEndpoint,
    [WixControlClient, ResolvedWixAuthOptions, WixClock],
    (client, { app }, clock) => new TokenEndpoint(client, app, clock),
  ),
  { provide: InstanceTokenSource, useClass: NoInstanceTokenSource },
  made(
    WixTokenService,
    [TokenEndpoint, PresentedTokens, Sharing, WixClock, ResolvedWixAuthOptions, InstanceTokenSource],
    (endpoint, presented, sharing, clock, { tokens, onBehalfOf }, source) =>
      new WixTokenService(endpoint, presented, sharing, clock, { ...tokens, onBehalfOf }, source),
  ),
];

const identityProviders: readonly Provider[] = [
  made(TokenInfoEndpoint, [WixControlClient], (client) => new TokenInfoEndpoint(client)),
  made(
    WixIdentityService,
    [TokenInfoEndpoint, PresentedTokens, Sharing, WixClock, ResolvedWixAuthOptions],
    (endpoint, presented, sharing, clock, { app, verification, signedInstance }) =>
      new WixIdentityService(
        {
          accessTokens: new AccessTokenVerifier(endpoint, clock, app.appId),
          signedInstances: signedInstance && new SignedInstanceVerifier(app, clock, signedInstance.maxAgeMs),
          limiter: new QuestionLimiter(verification.maxQuestionsPerSecond),
          presented,
          sharing,
          clock,
          appId: app.appId,
        },
        verification,
      ),
  ),
];

const grantsProviders: readonly Provider[] = [
  made(AppQuestions, [WixControlClient, CallTokens], (client, tokens) => new AppQuestions(client, tokens)),
  made(
    UserGrants,
    [AppQuestions, ResolvedWixAuthOptions],
    (questions, { grants }) => new ContributorUserGrants(new ContributorsEndpoint(questions), grants.userRoles),
  ),
  { provide: VisitorGrants, useClass: NoVisitorGrants },
  made(
    WixGrantsService,
    [AppQuestions, UserGrants, VisitorGrants, Sharing, WixClock, ResolvedWixAuthOptions],
    (questions, users, visitors, sharing, clock, { grants }) =>
      new WixGrantsService({ app: new AppInstanceEndpoint(questions), users, visitors }, sharing, clock, grants),
  ),
];

const accessProviders = (globalGuard: boolean): readonly Provider[] => [
  made(
    CredentialSource,
    [ResolvedWixAuthOptions],
    ({ signedInstance }) => new HttpCredentialSource(signedInstance === false ? undefined : signedInstance.header),
  ),
  made(AccessPolicies, [ApplicationConfig], (config) => new AccessPolicies(config)),
  made(
    WixAccess,
    [AccessPolicies, CredentialSource, WixIdentityService, WixGrantsService],
    (policies, source, identities, grants) => new WixAccess({ policies, source, identities, grants }),
  ),
  made(
    WixRouteExplorer,
    [ModulesContainer, ApplicationConfig, AccessPolicies, WixAccess],
    (modules, config, policies, access) => new WixRouteExplorer({ modules, config, policies, access }, { globalGuard }),
  ),
  { provide: APP_FILTER, useClass: WixAuthExceptionFilter },
  ...(globalGuard ? [WixAuthGuard, { provide: APP_GUARD, useExisting: WixAuthGuard }] : []),
];

const callProviders: readonly Provider[] = [
  made(CallTokens, [WixTokenService, WixClock], (tokens, clock) => new CallTokens(tokens, clock)),
  made(WixDestination, [ResolvedWixAuthOptions], ({ apiUrl }) => new WixDestination(apiUrl)),
  made(
    InstanceLimiter,
    [ResolvedWixAuthOptions],
    ({ calls: { requestsPerMinute } }) => new InstanceLimiter(requestsPerMinute),
  ),
  made(
    WixHttpService,
    [CallTokens, WixAgents, WixDestination, InstanceLimiter, WixClock, ResolvedWixAuthOptions],
    (tokens, agents, destination, limiter, clock, { apiUrl, calls }) =>
      new WixHttpService(
        { tokens, wire: new CallWire(agents.of('calls')), destination, limiter, clock },
        { apiUrl, ...calls },
      ),
  ),
  made(
    WixSdkClientFactory,
    [CallTokens, WixDestination, InstanceLimiter],
    (tokens, destination, limiter) => new WixSdkClientFactory({ tokens, destination, limiter }),
  ),
];

const installationProviders = (install: WixAuthExtras['install']): readonly Provider[] => [
  { provide: InstallPlatform, useExisting: ResolvedWixAuthOptions },
  made(
    WixInstances,
    [AppQuestions, SharedNews, WixClock, ResolvedWixAuthOptions],
    (questions, news, clock, { grants }) => new WixInstances(questions, news, clock, grants),
  ),
  ...installProviders(install),
];

const eventLedgerProvider = made(
  EventLedger,
  [RedisBehindCache, WixClock, ResolvedWixAuthOptions],
  ({ connection }, clock, { app, apiUrl }) =>
    connection === undefined
      ? new InMemoryEventLedger(clock)
      : new RedisEventLedger(connection, JSON.stringify([apiUrl, app.appId])),
);

const signedRequestProviders = (webhooks: WixAuthExtras['webhooks']): readonly Provider[] => [
  made(
    SignedTokenVerifier,
    [ResolvedWixAuthOptions, WixClock],
    ({ publicKeys, app }, clock) => new SignedTokenVerifier(publicKeys, app.appId, clock),
  ),
  ...(webhooks === undefined ? [] : [eventLedgerProvider]),
  ...webhookProviders(webhooks),
];

/** Everything one registration is made of. What comes later replaces a default that has the same token. */
export const registrationProviders = (extras: Partial<WixAuthExtras>): readonly Provider[] => [
  { provide: WixClock, useClass: SystemClock },
  PresentedTokens,
  ...httpProviders,
  ...storeProviders,
  ...tokenProviders,
  ...identityProviders,
  ...grantsProviders,
  ...accessProviders(extras.globalGuard ?? false),
  ...callProviders,
  ...signedRequestProviders(extras.webhooks),
  ...installationProviders(extras.install),
  ...(extras.providers ?? []),
];

/** What other modules may inject: the services, and what the guards are made with in each module that uses them. */
export const registrationExports = (extras: Partial<WixAuthExtras>): NonNullable<DynamicModule['exports']> => [
  WixTokenService,
  WixIdentityService,
  WixGrantsService,
  WixHttpService,
  WixClock,
  WixAccess,
  WixSdkClientFactory,
  ...webhookExports(extras.webhooks),
  ...installExports(extras.install),
];
