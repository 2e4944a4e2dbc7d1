import type { Provider } from '@nestjs/common';

import type { AppCredentials } from '../core/app-credentials.js';
import { AuthEvents } from '../core/auth-events.js';
import { WixClock } from '../core/clock.js';
import { KnownInstances } from '../core/identities/known-instances.js';
import { PresentedTokens } from '../core/identities/presented-tokens.js';
import { WixControlClient } from '../http/wix-control.client.js';
import { Sharing } from '../store/sharing.js';
import { Traces } from '../diagnostics/traces.js';
import { classProvider, factoryProvider, type ProviderToken } from '../wiring/providers.js';
import { AppCheck, type VerifyOnStart } from './app-check.js';
import { AppTokens } from './app-tokens.js';
import { CallTokens } from './call-tokens.js';
import { InstanceTokenSource, NoInstanceTokenSource } from './instance-token.source.js';
import { TokenEndpoint } from './token.endpoint.js';
import { WixTokenService } from './wix-token.service.js';

/** What `tokens/` is told of the options. */
export interface TokenSettings {
  readonly app: AppCredentials;
  readonly tokens: { readonly leewayMs: number; readonly refreshAheadMs: number };
  readonly onBehalfOf: 'exchange' | 'forward';
  readonly verifyOnStart: VerifyOnStart;
}

/** Access tokens of the app, and on behalf of callers. */
export const tokenProviders = (settings: ProviderToken<TokenSettings>): readonly Provider[] => [
  factoryProvider(
    TokenEndpoint,
    [WixControlClient, settings, WixClock, AuthEvents],
    (client, { app }, clock, events) => new TokenEndpoint(client, app, clock, 'control', events),
  ),
  factoryProvider(
    AppCheck,
    [TokenEndpoint, settings, AuthEvents],
    (endpoint, { verifyOnStart }, events) => new AppCheck(endpoint, verifyOnStart, events),
  ),
  classProvider(InstanceTokenSource, NoInstanceTokenSource),
  factoryProvider(
    AppTokens,
    [TokenEndpoint, Sharing, WixClock, settings, InstanceTokenSource, Traces, AuthEvents],
    (endpoint, sharing, clock, { tokens }, source, traces, events) =>
      new AppTokens(endpoint, sharing, clock, tokens, source, traces, events),
  ),
  factoryProvider(
    WixTokenService,
    [AppTokens, TokenEndpoint, PresentedTokens, KnownInstances, Sharing, WixClock, settings, Traces, AuthEvents],
    (appTokens, endpoint, presented, known, sharing, clock, { onBehalfOf }, traces, events) =>
      new WixTokenService({ appTokens, endpoint, presented, known, sharing, clock, traces, events }, { onBehalfOf }),
  ),
  factoryProvider(
    CallTokens,
    [WixTokenService, AppTokens, KnownInstances, WixClock],
    (tokens, appTokens, known, clock) => new CallTokens({ tokens, appTokens, known, clock }),
  ),
];
