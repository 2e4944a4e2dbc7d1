import type { Provider, Type } from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer } from '@nestjs/core';

import { AuthEvents } from '../core/auth-events.js';
import { GracefulShutdown } from '../core/concurrency/graceful-shutdown.js';
import { KnownInstances } from '../core/identities/known-instances.js';
import { WixGrantsService } from '../grants/wix-grants.service.js';
import { WixInstances } from '../grants/instances/wix-instances.js';
import { WixIdentityService } from '../identity/wix-identity.service.js';
import { factoryProvider } from '../nest/factory-provider.js';
import { RouteAddresses, type DeclaredRoute } from '../nest/route-addresses.js';
import { WixTokenService } from '../tokens/wix-token.service.js';
import { BodyCapture } from '../signed-requests/body-capture.js';
import { EventCacheInvalidator } from './event-cache-invalidator.js';
import { SdkEnvelopes } from './envelopes/sdk-envelopes.js';
import { EventDispatcher } from './events/event-dispatcher.js';
import { EventHandlers } from './events/event-handlers.js';
import { UnmountedHandlers } from './events/unmounted-handlers.js';
import { WorkClaims } from './ledger/work-claims.js';
import { EventLedger } from '../store/event-ledger.js';
import { SignedTokenVerifier } from '../signed-requests/signed-token.verifier.js';
import { isWebhookEndpoint, webhookController } from './webhook.controller.js';
import { webhookSettings, type WebhookSettings, type WixWebhookOptions } from './webhook.options.js';
import { WixSignedRequestService } from '../signed-requests/wix-signed-request.service.js';
import { KEEP_DONE_MS, WixWebhookService } from './wix-webhook.service.js';

/**
 * What one registration needs to verify signed requests, and with options to take webhooks. Expects providers of
 * {@link SignedTokenVerifier}, {@link WixTokenService}, {@link WixIdentityService}, {@link WixGrantsService} and
 * {@link WixInstances} and {@link RouteAddresses} beside them, and with options of an {@link EventLedger}.
 *
 * @param endpoints - The controllers of the same registration, from {@link webhookControllers}.
 */
export function webhookProviders(
  options: WixWebhookOptions | undefined,
  endpoints: readonly Type[],
): readonly Provider[] {
  const settings = webhookSettings(options);
  const isForeign = ({ controller }: DeclaredRoute): boolean =>
    isWebhookEndpoint(controller) && !endpoints.includes(controller);
  return [
    {
      provide: WixSignedRequestService,
      inject: [SignedTokenVerifier, KnownInstances],
      useFactory: (verifier: SignedTokenVerifier, known: KnownInstances) =>
        new WixSignedRequestService(verifier, known, settings),
    },
    {
      provide: BodyCapture,
      inject: [HttpAdapterHost, RouteAddresses, AuthEvents],
      useFactory: (host: HttpAdapterHost, addresses: RouteAddresses, events: AuthEvents) =>
        new BodyCapture({ host, addresses, maxBodyBytes: settings.maxBodyBytes, events }, isForeign),
    },
    ...(options === undefined ? [unmountedHandlersProvider] : eventProviders(settings)),
  ];
}

/** The controllers of one registration: its endpoint, unless the application has its own. */
export function webhookControllers(options: WixWebhookOptions | undefined): readonly Type[] {
  const settings = webhookSettings(options);
  return options !== undefined && settings.controller ? [webhookController(settings)] : [];
}

/** What other modules may inject. */
export const webhookExports = (options: WixWebhookOptions | undefined): readonly Provider[] => [
  WixSignedRequestService,
  ...(options === undefined ? [] : [WixWebhookService]),
];

const unmountedHandlersProvider: Provider = {
  provide: UnmountedHandlers,
  inject: [ModulesContainer],
  useFactory: (modules: ModulesContainer) => new UnmountedHandlers(modules),
};

const eventProviders = (settings: WebhookSettings): readonly Provider[] => [
  factoryProvider(SdkEnvelopes, [KnownInstances], (known) => new SdkEnvelopes(known)),
  factoryProvider(
    EventHandlers,
    [ModulesContainer, SdkEnvelopes],
    (modules, envelopes) => new EventHandlers(modules, envelopes),
  ),
  factoryProvider(
    EventDispatcher,
    [EventLedger, AuthEvents],
    (ledger, events) =>
      new EventDispatcher({ claims: new WorkClaims(ledger, events, KEEP_DONE_MS), events }, settings.handlerTimeoutMs),
  ),
  factoryProvider(
    EventCacheInvalidator,
    [WixTokenService, WixIdentityService, WixGrantsService, WixInstances],
    (tokens, identities, grants, instances) => new EventCacheInvalidator(tokens, identities, grants, instances),
  ),
  factoryProvider(
    WixWebhookService,
    [
      SignedTokenVerifier,
      EventCacheInvalidator,
      EventHandlers,
      EventDispatcher,
      KnownInstances,
      SdkEnvelopes,
      AuthEvents,
      GracefulShutdown,
    ],
    (verifier, invalidator, handlers, dispatcher, known, envelopes, events, shutdown) =>
      new WixWebhookService(
        { verifier, invalidator, handlers, dispatcher, known, envelopes, events, shutdown },
        settings,
      ),
  ),
];
