import type { Provider, Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';

import { AuthEvents } from '../core/auth-events.js';
import { GracefulShutdown } from '../core/concurrency/graceful-shutdown.js';
import { KnownInstances } from '../core/identities/known-instances.js';
import { WixGrantsService } from '../grants/wix-grants.service.js';
import { WixPlansService } from '../grants/plans/wix-plans.service.js';
import { WixInstances } from '../grants/instances/wix-instances.js';
import { RecentInstallations } from '../identity/introspection/recent-installations.js';
import { WixIdentityService } from '../identity/wix-identity.service.js';
import { DigestClaims } from '../signed-requests/digest-claims.js';
import type { BodySettings } from '../signed-requests/signed-requests.providers.js';
import { SignedTokenVerifier } from '../signed-requests/signed-token.verifier.js';
import { WixSignedRequestService } from '../signed-requests/wix-signed-request.service.js';
import { EventLedger } from '../store/event-ledger.js';
import { WixTokenService } from '../tokens/wix-token.service.js';
import { factoryProvider } from '../wiring/providers.js';
import { EventCacheInvalidator } from './event-cache-invalidator.js';
import { SdkEnvelopes } from './envelopes/sdk-envelopes.js';
import { EventDispatcher } from './events/event-dispatcher.js';
import { EventHandlers } from './events/event-handlers.js';
import { UnmountedHandlers } from './events/unmounted-handlers.js';
import { WorkClaims } from './ledger/work-claims.js';
import { Traces } from '../diagnostics/traces.js';
import { isWebhookEndpoint, webhookController } from './webhook.controller.js';
import { webhookSettings, type WebhookSettings, type WixWebhookOptions } from './webhook.options.js';
import { KEEP_DONE_MS, WixWebhookService } from './wix-webhook.service.js';

/** Takes webhooks; without options, warns of handlers that would never run. Their ledger serves digests as well. */
export const webhookProviders = (options: WixWebhookOptions | undefined): readonly Provider[] => [
  digestClaimsProvider,
  ...(options === undefined ? [unmountedHandlersProvider] : eventProviders(webhookSettings(options))),
];

/** The controllers of one registration: its endpoint, unless the application has its own. */
export function webhookControllers(options: WixWebhookOptions | undefined): readonly Type[] {
  const settings = webhookSettings(options);
  return options !== undefined && settings.controller ? [webhookController(settings)] : [];
}

/**
 * How the bodies of signed requests are read. Their limits are options of webhooks, with defaults where there are none.
 *
 * @param endpoints - The controllers of the same registration, from {@link webhookControllers}.
 */
export const signedBodySettings = (
  options: WixWebhookOptions | undefined,
  endpoints: readonly Type[],
): BodySettings => ({
  ...webhookSettings(options),
  isForeign: ({ controller }) => isWebhookEndpoint(controller) && !endpoints.includes(controller),
});

/** What other modules may inject. */
export const webhookExports = (options: WixWebhookOptions | undefined): readonly Provider[] => [
  WixSignedRequestService,
  ...(options === undefined ? [] : [WixWebhookService]),
];

const digestClaimsProvider = factoryProvider(DigestClaims, [EventLedger, AuthEvents], (ledger, events) => ({
  take: (key: string, keepMs: number) => new WorkClaims(ledger, events, keepMs).take(key),
}));

const unmountedHandlersProvider = factoryProvider(
  UnmountedHandlers,
  [ModulesContainer],
  (modules) => new UnmountedHandlers(modules),
);

const eventProviders = (settings: WebhookSettings): readonly Provider[] => [
  factoryProvider(SdkEnvelopes, [KnownInstances], (known) => new SdkEnvelopes(known)),
  factoryProvider(
    EventHandlers,
    [ModulesContainer, SdkEnvelopes],
    (modules, envelopes) => new EventHandlers(modules, envelopes),
  ),
  factoryProvider(
    EventDispatcher,
    [EventLedger, AuthEvents, Traces],
    (ledger, events, traces) =>
      new EventDispatcher(
        { claims: new WorkClaims(ledger, events, KEEP_DONE_MS), events, traces },
        settings.handlerTimeoutMs,
      ),
  ),
  factoryProvider(
    EventCacheInvalidator,
    [WixTokenService, WixIdentityService, WixGrantsService, WixInstances, WixPlansService],
    (tokens, identities, grants, instances, plans) =>
      new EventCacheInvalidator(tokens, identities, grants, instances, plans),
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
      RecentInstallations,
      GracefulShutdown,
      Traces,
    ],
    (verifier, invalidator, handlers, dispatcher, known, envelopes, events, recent, shutdown, traces) =>
      new WixWebhookService(
        { verifier, invalidator, handlers, dispatcher, known, envelopes, events, recent, shutdown, traces },
        settings,
      ),
  ),
];
