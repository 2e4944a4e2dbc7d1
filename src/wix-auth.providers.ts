import { HttpService } from '@nestjs/axios';
import { Cache } from '@nestjs/cache-manager';
import type { Abstract, Provider, Type } from '@nestjs/common';

import { SystemClock, WixClock } from './core/clock.js';
import { PresentedTokens } from './core/presented-tokens.js';
import { AppInstanceEndpoint } from './grants/app-instance.endpoint.js';
import { AppQuestions } from './grants/app-questions.js';
import { ContributorUserGrants } from './grants/contributor-user-grants.js';
import { ContributorsEndpoint } from './grants/contributors.endpoint.js';
import { NoVisitorGrants, UserGrants, VisitorGrants } from './grants/user-grants.js';
import { WixGrantsService } from './grants/wix-grants.service.js';
import { WixAgents } from './http/wix-agents.js';
import { WixControlClient } from './http/wix-control.client.js';
import { AccessTokenVerifier } from './identity/access-token.verifier.js';
import { QuestionLimiter } from './identity/question-limiter.js';
import { SignedInstanceVerifier } from './identity/signed-instance.verifier.js';
import { TokenInfoEndpoint } from './identity/token-info.endpoint.js';
import { WixIdentityService } from './identity/wix-identity.service.js';
import { CacheManagerTokenStore } from './store/cache-manager-token.store.js';
import { SealedStore } from './store/sealed-store.js';
import { TokenStore } from './store/token-store.js';
import { TokenEndpoint } from './tokens/token.endpoint.js';
import { WixTokenService } from './tokens/wix-token.service.js';
import { ResolvedWixAuthOptions } from './wix-auth.options.js';

type Token<Value> = Type<Value> | Abstract<Value>;
type Tokens<Parts extends readonly unknown[]> = { readonly [Index in keyof Parts]: Token<Parts[Index]> };

/** A provider made from others: the compiler checks that tokens and arguments agree. */
const made = <Value, Parts extends readonly unknown[]>(
  provide: Token<Value>,
  inject: Tokens<Parts>,
  useFactory: (...parts: Parts) => Value,
): Provider => ({ provide, inject: [...inject], useFactory });

const httpProviders: readonly Provider[] = [
  WixAgents,
  made(
    WixControlClient,
    [HttpService, WixAgents, WixClock, ResolvedWixAuthOptions],
    (http, agents, clock, options) => new WixControlClient(http, agents, clock, options),
  ),
];

const tokenProviders: readonly Provider[] = [
  made(TokenStore, [Cache], (cache) => new CacheManagerTokenStore(cache)),
  made(
    SealedStore,
    [TokenStore, ResolvedWixAuthOptions, WixClock],
    (store, { app, apiUrl }, clock) => new SealedStore(store, app, apiUrl, clock),
  ),
  made(
    TokenEndpoint,
    [WixControlClient, ResolvedWixAuthOptions, WixClock],
    (client, { app }, clock) => new TokenEndpoint(client, app, clock),
  ),
  made(
    WixTokenService,
    [TokenEndpoint, PresentedTokens, SealedStore, WixClock, ResolvedWixAuthOptions],
    (endpoint, presented, store, clock, { tokens, onBehalfOf }) =>
      new WixTokenService(endpoint, presented, store, clock, { ...tokens, onBehalfOf }),
  ),
];

const identityProviders: readonly Provider[] = [
  made(TokenInfoEndpoint, [WixControlClient], (client) => new TokenInfoEndpoint(client)),
  made(
    WixIdentityService,
    [TokenInfoEndpoint, PresentedTokens, WixClock, ResolvedWixAuthOptions],
    (endpoint, presented, clock, { app, verification, signedInstance }) =>
      new WixIdentityService(
        {
          accessTokens: new AccessTokenVerifier(endpoint, clock, app.appId),
          signedInstances: signedInstance && new SignedInstanceVerifier(app, clock, signedInstance.maxAgeMs),
          limiter: new QuestionLimiter(verification.maxQuestionsPerSecond),
          presented,
          clock,
        },
        verification,
      ),
  ),
];

const grantsProviders: readonly Provider[] = [
  made(AppQuestions, [WixControlClient, WixTokenService], (client, tokens) => new AppQuestions(client, tokens)),
  made(
    UserGrants,
    [AppQuestions, ResolvedWixAuthOptions],
    (questions, { grants }) => new ContributorUserGrants(new ContributorsEndpoint(questions), grants.userRoles),
  ),
  { provide: VisitorGrants, useClass: NoVisitorGrants },
  made(
    WixGrantsService,
    [AppQuestions, UserGrants, VisitorGrants, WixClock, ResolvedWixAuthOptions],
    (questions, users, visitors, clock, { grants }) =>
      new WixGrantsService({ app: new AppInstanceEndpoint(questions), users, visitors }, clock, grants),
  ),
];

/** Everything one registration is made of. What comes later replaces a default that has the same token. */
export const registrationProviders: readonly Provider[] = [
  { provide: WixClock, useClass: SystemClock },
  PresentedTokens,
  ...httpProviders,
  ...tokenProviders,
  ...identityProviders,
  ...grantsProviders,
];

/** What other modules may inject. */
export const registrationExports = [WixTokenService, WixIdentityService, WixGrantsService, WixClock];
