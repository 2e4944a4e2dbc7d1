import type { DynamicModule, Provider, Type } from '@nestjs/common';

import { accessProviders } from './access/access.providers.js';
import { WixConnections } from './access/connections/wix-connections.service.js';
import { WixAccess } from './access/guards/wix-access.service.js';
import { clientProviders } from './client/client.providers.js';
import { WixHttpService } from './client/wix-http.service.js';
import { AuthEvents } from './core/auth-events.js';
import { HttpErrorFormat } from './nest/http-error-format.js';
import { WixClock } from './core/clock.js';
import { diagnosticsProviders } from './diagnostics/diagnostics.providers.js';
import { WixHealth } from './diagnostics/wix-health.js';
import { grantsProviders } from './grants/grants.providers.js';
import { WixPlansService } from './grants/plans/wix-plans.service.js';
import { WixGrantsService } from './grants/wix-grants.service.js';
import { httpProviders } from './http/http.providers.js';
import { identityProviders } from './identity/identity.providers.js';
import { WixIdentityService } from './identity/wix-identity.service.js';
import { installExports, installProviders } from './install/install.providers.js';
import { manifestProviders } from './manifest/manifest.providers.js';
import { nestProviders } from './nest/nest.providers.js';
import type { WixAuthExtras } from './options/module-definition.js';
import { ResolvedWixAuthOptions } from './options/wix-auth.options.js';
import { redisProviders } from './redis/redis.providers.js';
import { sdkProviders } from './sdk/sdk.providers.js';
import { WixSdkClientFactory } from './sdk/wix-sdk-client.factory.js';
import { signedRequestProviders } from './signed-requests/signed-requests.providers.js';
import { storeProviders } from './store/store.providers.js';
import { tokenProviders } from './tokens/tokens.providers.js';
import { WixTokenService } from './tokens/wix-token.service.js';
import { signedBodySettings, webhookExports, webhookProviders } from './webhooks/webhooks.providers.js';
import { coreProviders } from './wiring/core.providers.js';

/** All providers of one registration, room by room. A later one replaces a default that has the same token. */
export const registrationProviders = (
  { globalGuard = false, webhooks, install }: Partial<WixAuthExtras>,
  webhookEndpoints: readonly Type[],
): readonly Provider[] => [
  ...coreProviders(ResolvedWixAuthOptions),
  ...diagnosticsProviders(ResolvedWixAuthOptions),
  ...nestProviders,
  ...httpProviders(ResolvedWixAuthOptions),
  ...storeProviders(ResolvedWixAuthOptions, webhooks !== undefined),
  ...redisProviders(ResolvedWixAuthOptions, webhooks !== undefined),
  ...tokenProviders(ResolvedWixAuthOptions),
  ...identityProviders(ResolvedWixAuthOptions),
  ...grantsProviders(ResolvedWixAuthOptions),
  ...accessProviders(ResolvedWixAuthOptions, globalGuard),
  ...manifestProviders,
  ...clientProviders(ResolvedWixAuthOptions),
  ...sdkProviders(ResolvedWixAuthOptions),
  ...signedRequestProviders(ResolvedWixAuthOptions, signedBodySettings(webhooks, webhookEndpoints)),
  ...webhookProviders(ResolvedWixAuthOptions, webhooks),
  ...installProviders(ResolvedWixAuthOptions, install),
];

/** What other modules may inject: the services, and what guards need in each module that uses them. */
export const registrationExports = (extras: Partial<WixAuthExtras>): NonNullable<DynamicModule['exports']> => [
  WixTokenService,
  WixIdentityService,
  WixGrantsService,
  WixPlansService,
  WixHttpService,
  WixClock,
  AuthEvents,
  WixHealth,
  HttpErrorFormat,
  WixAccess,
  WixConnections,
  WixSdkClientFactory,
  ...webhookExports(extras.webhooks),
  ...installExports(extras.install),
];
