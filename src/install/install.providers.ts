import type { Provider, Type } from '@nestjs/common';

import { AuthEvents } from '../core/auth-events.js';
import { WixClock } from '../core/clock.js';
import { KnownInstances } from '../core/identities/known-instances.js';
import { AppRequests } from '../grants/app-requests.js';
import { WixGrantsService } from '../grants/wix-grants.service.js';
import { WixInstances } from '../grants/instances/wix-instances.js';
import { WixControlClient } from '../http/wix-control.client.js';
import { SignedInstanceVerifier } from '../identity/signed-instance.verifier.js';
import { TokenInfoEndpoint } from '../identity/introspection/token-info.endpoint.js';
import { WixIdentityService } from '../identity/wix-identity.service.js';
import { RouteAddresses } from '../nest/route-addresses.js';
import { SealedStore } from '../store/sealed-store.js';
import { InstanceTokenSource } from '../tokens/instance-token.source.js';
import { TokenEndpoint } from '../tokens/token.endpoint.js';
import { WixTokenService } from '../tokens/wix-token.service.js';
import { aliasProvider, classProvider, factoryProvider, type ProviderToken } from '../wiring/providers.js';
import { Traces } from '../diagnostics/traces.js';
import { CustomAuthenticationFlow } from './flows/custom-authentication-flow.js';
import { ExternalFlow } from './flows/external-flow.js';
import { NamedInstances } from './flows/named-instances.js';
import { askUncached } from './flows/uncached-instance.js';
import { FileRefreshTokenStore } from './refresh-tokens/file-refresh-token.store.js';
import { InstallAddresses } from './flows/install-addresses.js';
import { customAuthenticationController, externalInstallController } from './install.controller.js';
import { InstallHttpHandler } from './http/install-http.handler.js';
import { pagesBeside, type InstallPlatform } from './flows/install-platform.js';
import { OAuthStates } from './state/oauth-states.js';
import { installSettings, type InstallSettings, type WixInstallOptions } from './install.options.js';
import { InstallFlowRunner } from './flows/install-flow-runner.js';
import { InstalledInstances } from './flows/installed-instances.js';
import { OAuthAccessEndpoint } from './refresh-tokens/oauth-access.endpoint.js';
import { RefreshTokenSealer } from './refresh-tokens/refresh-token-entry.js';
import { RefreshTokenStore } from './refresh-tokens/refresh-token.store.js';
import { RefreshTokenVault } from './refresh-tokens/refresh-token.vault.js';
import { RefreshTokens } from './refresh-tokens/refresh-tokens.js';
import { CallbackLimiter } from './state/callback-limiter.js';
import { StateReplayGuard } from './state/state-replay-guard.js';
import { NoInstallHooks, WixInstallHooks } from './wix-install.hooks.js';
import { WixInstallService } from './wix-install.service.js';
import { WixInstaller } from './wix-installer.js';

const MINUTE_MS = 60_000;
// Made by Wix when consent was given, a moment ago.
const SIGNED_INSTANCE_MAX_AGE_MS = 20 * MINUTE_MS;

/** Lets sites install the app; nothing without options. @param platform - which app, and the Wix it is installed at. */
export function installProviders(
  platform: ProviderToken<InstallPlatform>,
  options: WixInstallOptions | undefined,
): readonly Provider[] {
  if (options === undefined) return [];
  const settings = installSettings(options);
  return [
    ...flowProviders(platform, settings),
    ...externalFlowProviders(platform, settings),
    ...(settings.customAuthentication ? customAuthenticationProviders(platform, settings) : []),
  ];
}

/** The controllers of one registration. */
export function installControllers(options: WixInstallOptions | undefined): readonly Type[] {
  if (options === undefined) return [];
  const settings = installSettings(options);
  return [
    externalInstallController(settings),
    ...(settings.customAuthentication ? [customAuthenticationController(settings)] : []),
  ];
}

/** What other modules may inject. */
export const installExports = (options: WixInstallOptions | undefined): readonly Type[] =>
  options === undefined ? [] : [WixInstallService];

type Platform = ProviderToken<InstallPlatform>;

const flowProviders = (platform: Platform, settings: InstallSettings): readonly Provider[] => [
  factoryProvider(
    InstallHttpHandler,
    [InstallAddresses, AuthEvents],
    (addresses, events) => new InstallHttpHandler(addresses, events),
  ),
  classProvider(WixInstallHooks, NoInstallHooks),
  factoryProvider(
    WixInstaller,
    [platform],
    ({ app, apiUrl }) => new WixInstaller(settings.wixUrl ?? pagesBeside(apiUrl), app.appId),
  ),
  factoryProvider(
    InstallAddresses,
    [RouteAddresses, platform],
    (routes, { apiUrl, publicUrl }) =>
      new InstallAddresses(routes, { ...settings, publicUrl }, settings.wixUrl ?? pagesBeside(apiUrl)),
  ),
  factoryProvider(OAuthStates, [platform, WixClock], ({ app }, clock) => new OAuthStates(app, clock)),
  factoryProvider(StateReplayGuard, [SealedStore, WixClock], (store, clock) => new StateReplayGuard(store, clock)),
  factoryProvider(CallbackLimiter, [], () => new CallbackLimiter()),
  factoryProvider(
    InstallFlowRunner,
    [
      InstallAddresses,
      OAuthStates,
      StateReplayGuard,
      CallbackLimiter,
      WixInstallHooks,
      KnownInstances,
      AuthEvents,
      Traces,
    ],
    (addresses, oauthStates, used, limiter, hooks, known, events, traces) =>
      new InstallFlowRunner({ addresses, oauthStates, used, limiter, hooks, known, events, traces }, settings),
  ),
  factoryProvider(
    InstalledInstances,
    [WixInstances, WixTokenService, WixIdentityService, WixGrantsService],
    (instances, tokens, identities, grants) => new InstalledInstances({ instances, tokens, identities, grants }),
  ),
  factoryProvider(
    WixInstallService,
    [InstallAddresses, WixInstances, AppRequests, KnownInstances],
    (addresses, instances, requests, known) => new WixInstallService(addresses, instances, requests, known),
  ),
];

const externalFlowProviders = (platform: Platform, settings: InstallSettings): readonly Provider[] => [
  factoryProvider(
    NamedInstances,
    [WixControlClient, platform, InstalledInstances, WixClock],
    (client, { app }, installed, clock) =>
      new NamedInstances(
        askUncached(client, new TokenEndpoint(client, app, clock, 'install')),
        (instanceId) => installed.drop(instanceId),
        clock,
      ),
  ),
  factoryProvider(
    ExternalFlow,
    [platform, WixClock, InstallAddresses, WixInstaller, InstalledInstances, NamedInstances],
    ({ app }, clock, addresses, installer, instances, named) => {
      const verifier = new SignedInstanceVerifier(app, clock, SIGNED_INSTANCE_MAX_AGE_MS);
      return new ExternalFlow({ appId: app.appId, addresses, installer, verifier, instances, named }, settings);
    },
  ),
];

const customAuthenticationProviders = (platform: Platform, settings: InstallSettings): readonly Provider[] => [
  factoryProvider(RefreshTokenStore, [], () => new FileRefreshTokenStore(settings.refreshTokenFolder)),
  factoryProvider(
    OAuthAccessEndpoint,
    [WixControlClient, platform, WixClock],
    (client, { app }, clock) => new OAuthAccessEndpoint(client, app, clock),
  ),
  factoryProvider(
    RefreshTokenVault,
    [RefreshTokenStore, platform, AuthEvents],
    (store, { app, apiUrl }, events) => new RefreshTokenVault(store, new RefreshTokenSealer(app, apiUrl), events),
  ),
  factoryProvider(
    RefreshTokens,
    [RefreshTokenStore, RefreshTokenVault, OAuthAccessEndpoint, WixClock, AuthEvents],
    (store, vault, endpoint, clock, events) => new RefreshTokens(store, vault, endpoint, clock, events),
  ),
  aliasProvider(InstanceTokenSource, RefreshTokens),
  factoryProvider(
    CustomAuthenticationFlow,
    [
      platform,
      InstallAddresses,
      WixInstaller,
      OAuthAccessEndpoint,
      WixControlClient,
      RefreshTokens,
      InstalledInstances,
      StateReplayGuard,
    ],
    ({ app }, addresses, installer, tokens, client, refreshTokens, instances, used) =>
      new CustomAuthenticationFlow({
        appId: app.appId,
        addresses,
        installer,
        tokens,
        tokenInfo: new TokenInfoEndpoint(client),
        refreshTokens,
        instances,
        used,
      }),
  ),
];
