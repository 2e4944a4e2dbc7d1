import type { Provider, Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';

import type { AppCredentials } from '../core/app-credentials.js';
import { AuthEvents } from '../core/auth-events.js';
import { GracefulShutdown } from '../core/concurrency/graceful-shutdown.js';
import { KnownInstances } from '../core/identities/known-instances.js';
import { WixMisconfiguredError } from '../core/wix-auth.errors.js';
import { WixGrantsService } from '../grants/wix-grants.service.js';
import { WixPlansService } from '../grants/plans/wix-plans.service.js';
import { RecentInstallations } from '../identity/introspection/recent-installations.js';
import { WixIdentityService } from '../identity/wix-identity.service.js';
import { DigestClaims } from '../signed-requests/digest-claims.js';
import type { BodySettings } from '../signed-requests/signed-requests.providers.js';
import { SignedTokenVerifier } from '../signed-requests/signed-token.verifier.js';
import { WixSignedRequestService } from '../signed-requests/wix-signed-request.service.js';
import { EventLedger } from '../store/event-ledger.js';
import { EventQueue } from '../store/event-queue.js';
import { WixTokenService } from '../tokens/wix-token.service.js';
import { factoryProvider, type ProviderToken } from '../wiring/providers.js';
import { EventCacheInvalidator } from './event-cache-invalidator.js';
import { SdkEnvelopes } from './envelopes/sdk-envelopes.js';
import { EventDispatcher } from './events/event-dispatcher.js';
import { EventHandlers } from './events/event-handlers.js';
import { UnmountedHandlers } from './events/unmounted-handlers.js';
import { KEEP_DONE_MS, VerifiedEvents } from './events/verified-events.js';
import { WorkClaims } from './ledger/work-claims.js';
import { EventQueueWorker } from './queue/event-queue.worker.js';
import { EventStoring } from './queue/event-storing.js';
import { SealedEvents } from './queue/sealed-events.js';
import { WixEventQueue } from './queue/wix-event-queue.service.js';
import { Traces } from '../diagnostics/traces.js';
import { isWebhookEndpoint, webhookController } from './webhook.controller.js';
import { webhookSettings, type WebhookSettings, type WixWebhookOptions } from './webhook.options.js';
import { WixWebhookService } from './wix-webhook.service.js';

/** What `webhooks/` is told of the options. */
export interface WebhookAppSettings {
  readonly app: AppCredentials;
  readonly apiUrl: string;
}

/** Receives webhooks; without options, warns about handlers that would never run. The ledger serves digests too. */
export const webhookProviders = (
  app: ProviderToken<WebhookAppSettings>,
  options: WixWebhookOptions | undefined,
): readonly Provider[] => {
  if (options === undefined) return [digestClaimsProvider, unmountedHandlersProvider];
  const settings = webhookSettings(options);
  return [
    digestClaimsProvider,
    ...eventProviders(settings),
    ...(settings.mode === 'queue' ? queueProviders(app, settings) : [receiverProvider(settings)]),
  ];
};

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
  ...(options?.mode === 'queue' ? [WixEventQueue] : []),
];

const digestClaimsProvider = factoryProvider(DigestClaims, [EventLedger, AuthEvents], (ledger, events) => ({
  take: (key: string, keepMs: number) => new WorkClaims(ledger, events, keepMs).take(key),
}));

const unmountedHandlersProvider = factoryProvider(
  UnmountedHandlers,
  [ModulesContainer, AuthEvents],
  (modules, events) => new UnmountedHandlers(modules, events),
);

const eventProviders = (settings: WebhookSettings): readonly Provider[] => [
  factoryProvider(SdkEnvelopes, [KnownInstances], (known) => new SdkEnvelopes(known)),
  factoryProvider(
    EventHandlers,
    [ModulesContainer, SdkEnvelopes, AuthEvents],
    (modules, envelopes, events) => new EventHandlers(modules, envelopes, events),
  ),
  factoryProvider(
    WorkClaims,
    [EventLedger, AuthEvents],
    (ledger, events) => new WorkClaims(ledger, events, KEEP_DONE_MS),
  ),
  factoryProvider(
    EventDispatcher,
    [WorkClaims, AuthEvents, Traces],
    (claims, events, traces) =>
      new EventDispatcher({ claims, events, traces, afterFailure: afterFailure(settings) }, settings.handlerTimeoutMs),
  ),
  factoryProvider(
    VerifiedEvents,
    [SignedTokenVerifier, KnownInstances, SdkEnvelopes],
    (verifier, known, envelopes) => new VerifiedEvents(verifier, known, envelopes, settings.maxDepth),
  ),
  factoryProvider(
    EventCacheInvalidator,
    [WixTokenService, WixIdentityService, WixGrantsService, WixPlansService],
    (tokens, identities, grants, plans) => new EventCacheInvalidator(tokens, identities, grants, plans),
  ),
];

const afterFailure = ({ mode }: WebhookSettings): string =>
  mode === 'queue' ? 'the queue hands it out again' : 'Wix will send it again';

const receiverParts = [
  VerifiedEvents,
  EventCacheInvalidator,
  EventHandlers,
  EventDispatcher,
  AuthEvents,
  RecentInstallations,
  GracefulShutdown,
  Traces,
] as const;

const receiverProvider = (settings: WebhookSettings): Provider =>
  factoryProvider(
    WixWebhookService,
    [...receiverParts],
    (verified, invalidator, handlers, dispatcher, events, recent, shutdown, traces) =>
      new WixWebhookService(
        { verified, invalidator, handlers, dispatcher, events, recent, shutdown, traces },
        settings,
      ),
  );

const queueProviders = (app: ProviderToken<WebhookAppSettings>, settings: WebhookSettings): readonly Provider[] => [
  factoryProvider(EventQueue, [], missingQueue),
  factoryProvider(SealedEvents, [app], ({ app: credentials, apiUrl }) => new SealedEvents(credentials, apiUrl)),
  factoryProvider(
    EventStoring,
    [EventQueue, SealedEvents, AuthEvents],
    (queue, sealed, events) => new EventStoring({ queue, sealed, events }),
  ),
  factoryProvider(
    WixWebhookService,
    [...receiverParts, EventStoring],
    (verified, invalidator, handlers, dispatcher, events, recent, shutdown, traces, storing) =>
      new WixWebhookService(
        { verified, invalidator, handlers, dispatcher, events, recent, shutdown, traces, storing },
        settings,
      ),
  ),
  factoryProvider(
    EventQueueWorker,
    [
      EventQueue,
      SealedEvents,
      VerifiedEvents,
      EventHandlers,
      EventDispatcher,
      WorkClaims,
      AuthEvents,
      Traces,
      GracefulShutdown,
    ],
    (queue, sealed, verified, handlers, dispatcher, claims, events, traces, shutdown) =>
      new EventQueueWorker(
        { queue, sealed, verified, handlers, dispatcher, claims, events, traces, shutdown },
        settings.queue,
      ),
  ),
  factoryProvider(
    WixEventQueue,
    [EventQueue, SealedEvents, VerifiedEvents],
    (queue, sealed, verified) => new WixEventQueue(queue, sealed, verified),
  ),
];

// A provider of the application stands in its place.
function missingQueue(): never {
  throw new WixMisconfiguredError(
    "webhooks.mode is 'queue', and there is no queue: add one to the providers of WixAuthModule, such as " +
      "bullMqEventQueue('wix-events') of nestjs-wix-auth/bullmq.",
  );
}
