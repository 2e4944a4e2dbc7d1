import type { Provider, Type } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';

import { WixClock } from '../core/clock.js';
import { AppQuestions } from '../grants/app-questions.js';
import { WixGrantsService } from '../grants/wix-grants.service.js';
import { WixInstances } from '../grants/wix-instances.js';
import { WixControlClient } from '../http/wix-control.client.js';
import { SignedInstanceVerifier } from '../identity/signed-instance.verifier.js';
import { TokenInfoEndpoint } from '../identity/token-info.endpoint.js';
import { WixIdentityService } from '../identity/wix-identity.service.js';
import { made } from '../nest/made-provider.js';
import { SealedStore } from '../store/sealed-store.js';
import { InstanceTokenSource } from '../tokens/instance-token.source.js';
import { WixTokenService } from '../tokens/wix-token.service.js';
import { CustomAuthenticationFlow } from './custom-authentication-flow.js';
import { ExternalFlow } from './external-flow.js';
import { FileRefreshTokenStore } from './file-refresh-token.store.js';
import { InstallAddresses } from './install-addresses.js';
import { customAuthenticationController, externalInstallController } from './install.controller.js';
import { InstallDoor } from './install-door.js';
import { InstallPlatform, pagesBeside } from './install-platform.js';
import { InstallTickets } from './install-tickets.js';
import { installSettings, type InstallSettings, type WixInstallOptions } from './install.options.js';
import { InstallationDesk } from './installation-desk.js';
import { InstalledInstances } from './installed-instances.js';
import { OAuthAccessEndpoint } from './oauth-access.endpoint.js';
import { RefreshTokenSealer } from './refresh-token-entry.js';
import { RefreshTokenStore } from './refresh-token.store.js';
import { RefreshTokenVault } from './refresh-token.vault.js';
import { RefreshTokens } from './refresh-tokens.js';
import { UsedTickets } from './used-tickets.js';
import { NoInstallHooks, WixInstallHooks } from './wix-install.hooks.js';
import { WixInstallService } from './wix-install.service.js';
import { WixInstaller } from './wix-installer.js';

const MINUTE_MS = 60_000;
// Made by Wix when consent was given, a moment ago.
const SIGNED_INSTANCE_MAX_AGE_MS = 20 * MINUTE_MS;

/**
 * What one registration needs to let sites install the app; nothing without options. Expects providers of
 * {@link InstallPlatform}, {@link WixClock}, {@link WixControlClient}, {@link SealedStore}, {@link TokenInfoEndpoint},
 * {@link AppQuestions}, {@link WixTokenService}, {@link WixIdentityService}, {@link WixGrantsService} and
 * {@link WixInstances} beside them.
 */
export function installProviders(options: WixInstallOptions | undefined): readonly Provider[] {
  if (options === undefined) return [];
  const settings = installSettings(options);
  return [
    ...deskProviders(settings),
    ...externalFlowProviders(settings),
    ...(settings.customAuthentication ? customAuthenticationProviders(settings) : []),
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

const deskProviders = (settings: InstallSettings): readonly Provider[] => [
  InstallDoor,
  { provide: WixInstallHooks, useClass: NoInstallHooks },
  made(
    WixInstaller,
    [InstallPlatform],
    ({ app, apiUrl }) => new WixInstaller(settings.wixUrl ?? pagesBeside(apiUrl), app.appId),
  ),
  made(
    InstallAddresses,
    [ApplicationConfig, InstallPlatform],
    (config, { apiUrl }) => new InstallAddresses(config, settings, settings.wixUrl ?? pagesBeside(apiUrl)),
  ),
  made(InstallTickets, [InstallPlatform, WixClock], ({ app }, clock) => new InstallTickets(app, clock)),
  made(UsedTickets, [SealedStore, WixClock], (store, clock) => new UsedTickets(store, clock)),
  made(
    InstallationDesk,
    [InstallAddresses, InstallTickets, UsedTickets, WixInstallHooks],
    (addresses, tickets, used, hooks) => new InstallationDesk({ addresses, tickets, used, hooks }, settings),
  ),
  made(
    InstalledInstances,
    [WixInstances, WixTokenService, WixIdentityService, WixGrantsService],
    (instances, tokens, identities, grants) => new InstalledInstances({ instances, tokens, identities, grants }),
  ),
  made(
    WixInstallService,
    [InstallAddresses, WixInstances, AppQuestions],
    (addresses, instances, questions) => new WixInstallService(addresses, instances, questions),
  ),
];

const externalFlowProviders = (settings: InstallSettings): readonly Provider[] => [
  made(
    ExternalFlow,
    [InstallPlatform, WixClock, InstallAddresses, WixInstaller, InstalledInstances],
    ({ app }, clock, addresses, installer, instances) => {
      const verifier = new SignedInstanceVerifier(app, clock, SIGNED_INSTANCE_MAX_AGE_MS);
      return new ExternalFlow({ appId: app.appId, addresses, installer, verifier, instances }, settings);
    },
  ),
];

const customAuthenticationProviders = (settings: InstallSettings): readonly Provider[] => [
  { provide: RefreshTokenStore, useFactory: () => new FileRefreshTokenStore(settings.refreshTokenFolder) },
  made(
    OAuthAccessEndpoint,
    [WixControlClient, InstallPlatform, WixClock],
    (client, { app }, clock) => new OAuthAccessEndpoint(client, app, clock),
  ),
  made(
    RefreshTokenVault,
    [RefreshTokenStore, InstallPlatform],
    (store, { app, apiUrl }) => new RefreshTokenVault(store, new RefreshTokenSealer(app, apiUrl)),
  ),
  made(
    RefreshTokens,
    [RefreshTokenStore, RefreshTokenVault, OAuthAccessEndpoint, WixClock],
    (store, vault, endpoint, clock) => new RefreshTokens(store, vault, endpoint, clock),
  ),
  { provide: InstanceTokenSource, useExisting: RefreshTokens },
  made(
    CustomAuthenticationFlow,
    [
      InstallPlatform,
      InstallAddresses,
      WixInstaller,
      OAuthAccessEndpoint,
      TokenInfoEndpoint,
      RefreshTokens,
      InstalledInstances,
      UsedTickets,
    ],
    ({ app }, addresses, installer, tokens, tokenInfo, refreshTokens, instances, used) =>
      new CustomAuthenticationFlow({
        appId: app.appId,
        addresses,
        installer,
        tokens,
        tokenInfo,
        refreshTokens,
        instances,
        used,
      }),
  ),
];
