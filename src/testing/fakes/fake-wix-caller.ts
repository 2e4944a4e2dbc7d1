import { randomUUID } from 'node:crypto';

import {
  WIX_AUTH_OPTIONS,
  WixGrantsService,
  WixHttpService,
  WixIdentityService,
  WixPlanRequiredError,
  WixPlansService,
  WixScopeMissingError,
  WixTokenService,
  type AnyWixIdentity,
  type WixAuthOptions,
  type WixScope,
} from '../../index.js';
import { WixSdkClientFactory } from '../../sdk/index.js';
import type { OverridableBuilder } from '../wix-auth-testing.module.js';
import { closedAgents } from './closed-agents.js';
import { EMULATOR, fakeHttpWith, type FakeWixAnswers } from './fake-wix-http.js';
import { unansweredInApp } from './unanswered-call.js';

/** How a fake caller differs from one who may do nothing. */
export interface FakeWixCallerSettings {
  /**
   * The scopes that both the app and the caller hold: exactly these, without what they contain; `'*'` for all.
   *
   * @default none: routes that require scopes answer 403
   */
  readonly scopes?: '*' | readonly WixScope[] | undefined;
  /**
   * Options of the application's registration, all of which are replaced, such as `signedInstance`.
   *
   * @default none
   */
  readonly options?: Partial<WixAuthOptions> | undefined;
  /**
   * What Wix answers to calls of `WixHttpService`, by method and path.
   *
   * @default none: every call fails with an error that names it
   */
  readonly answers?: FakeWixAnswers | undefined;
}

interface Requirement {
  readonly all: readonly WixScope[];
  readonly any: readonly (readonly WixScope[])[];
}

/**
 * Makes every credential that reaches the application under test belong to one identity, without a request to Wix. The
 * guards stay on: a request without a credential is 401, and identities and scopes are compared as usual.
 *
 * Nothing leaves the process: calls to Wix get an answer from `answers`, or fail with an error (500, and a line
 * in the log) that names the call. For clients of Wix's SDK, and for tokens, take a {@link WixEmulator}, which answers.
 *
 * @example
 * const module = await fakeWixCaller(builder, owner, { scopes: ['SCOPE.DC-STORES.MANAGE-PRODUCTS'] }).compile();
 */
export function fakeWixCaller<Builder extends OverridableBuilder>(
  builder: Builder,
  identity: AnyWixIdentity,
  { scopes = [], options = {}, answers = {} }: FakeWixCallerSettings = {},
): Builder {
  const fakes: readonly (readonly [token: unknown, fake: object])[] = [
    [WIX_AUTH_OPTIONS, { ...offline(identity), ...options }],
    [WixIdentityService, identitiesOf(Object.freeze({ ...identity }))],
    [WixGrantsService, grantsOf(scopes)],
    [WixPlansService, plansOf(identity)],
    [WixTokenService, noTokens],
    [WixHttpService, fakeHttpWith(answers, unansweredInApp)],
    [WixSdkClientFactory, noSdkClients],
  ];
  for (const [token, fake] of fakes) builder.overrideProvider(token).useValue(fake);
  return builder;
}

// Requests that have no fake end in agents that open no connection.
const offline = ({ appId }: AnyWixIdentity): WixAuthOptions => ({
  appId,
  appSecret: randomUUID(),
  publicKey: PUBLIC_KEY,
  apiUrl: 'http://127.0.0.1:1',
  http: closedAgents(),
});

const identitiesOf = (identity: AnyWixIdentity): object => ({
  cached: () => identity,
  verify: () => Promise.resolve(identity),
  verifySignedInstance: () => identity,
  forget: nothing,
  refuseSignedBefore: nothing,
});

function grantsOf(scopes: '*' | readonly WixScope[]): object {
  const holds = (scope: WixScope): boolean => scopes === '*' || scopes.includes(scope);
  const lacking = ({ all, any }: Requirement): readonly WixScope[] => [
    ...all.filter((scope) => !holds(scope)),
    ...any.filter((group) => !group.some(holds)).flat(),
  ];
  const grants = { ids: new Set(scopes === '*' ? [] : scopes), holds };
  return {
    cachedSatisfy: (_caller: unknown, requirement: Requirement) => lacking(requirement).length === 0,
    require: (_caller: unknown, requirement: Requirement) => settled(requirement, lacking(requirement)),
    appGrants: () => Promise.resolve(grants),
    grantsOf: () => Promise.resolve(grants),
    forget: nothing,
  };
}

function plansOf({ vendorProductId }: AnyWixIdentity): object {
  const has = (plans: readonly string[]): boolean => vendorProductId !== undefined && plans.includes(vendorProductId);
  const refused = (plans: readonly string[]): Error =>
    new WixPlanRequiredError(
      `fakeWixCaller() was given no identity whose vendorProductId is ${plans.join(' or ')}.`,
      plans,
      'https://www.wix.com/apps/upgrade',
    );
  return {
    cachedSatisfy: (_caller: unknown, plans: readonly string[]) => has(plans),
    require: (_caller: unknown, plans: readonly string[]) =>
      has(plans) ? Promise.resolve() : Promise.reject(refused(plans)),
    changed: nothing,
  };
}

function settled({ all, any }: Requirement, missingScopes: readonly WixScope[]): Promise<void> {
  if (missingScopes.length === 0) return Promise.resolve();
  const facts = { requiredScopes: [...all, ...any.flat()], missingScopes, lackedBy: ['app'] as const };
  return Promise.reject(
    new WixScopeMissingError(`fakeWixCaller() was not given ${missingScopes.join(', ')} among its scopes.`, facts),
  );
}

const nothing = (): Promise<void> => Promise.resolve();

const failing = (call: string) => (): Promise<never> => Promise.reject(unansweredInApp(call, EMULATOR));

const noTokens = {
  accessTokenFor: failing('WixTokenService.accessTokenFor()'),
  onBehalfOf: failing('WixTokenService.onBehalfOf()'),
  invalidate: nothing,
  forget: nothing,
};

const noSdkClients = {
  asInstance: failing('WixSdkClientFactory.asInstance()'),
  onBehalfOf: failing('WixSdkClientFactory.onBehalfOf()'),
  fetchAsInstance: () => failing('A request of WixSdkClientFactory.fetchAsInstance()'),
  fetchOnBehalfOf: () => failing('A request of WixSdkClientFactory.fetchOnBehalfOf()'),
};

// Some RSA key's public half, for applications that take webhooks: nothing is signed with it.
const PUBLIC_KEY = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAoA1h0uiNuPv9mVkHePe/
jzUh0fviS9DPGdLenN0KaC3u6QQADk+MO8d9B8Fsl36dwwSOr26pEa+sGZbolSzH
9dmqFF31hYz0ATclvWZKxRkTWaDIlhfaND7tpbxZEGHoyB/RqNjxxHh5QrxFpnf3
sNw5I5jfEgsb2En3Jk5t0ViLoLWFSLGCUUYxpzj7QR9KgjH/SusZS+2Xo/HZVjU4
1VgNOdyM3tGm1I2JPcwU06vVi20CbltWNBnT+fB7n2P3RKHIe1F3giUqzytNlm9c
BMWK95BVrVtrh8uPzncHfxyoP/+vdKwHO84HvOQJTJMcCACrRVeoPnBRW15++kar
oQIDAQAB
-----END PUBLIC KEY-----`;
