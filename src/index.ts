// module
export { WixAuthModule } from './wix-auth.module.js';
export { WIX_AUTH_OPTIONS } from './options/module-definition.js';
export type { WixAuthExtras, WixAuthOptionsFactory } from './options/module-definition.js';
export type {
  WixAuthOptions,
  WixCallOptions,
  WixGrantsOptions,
  WixHttpOptions,
  WixLoggingOptions,
  WixSignedInstanceOptions,
  WixTokenOptions,
  WixVerificationOptions,
} from './options/wix-auth.options.js';

// access
export { AccessAudit } from './access/audit/access-audit.js';
export type { WixAccessDecision } from './access/audit/access-audit.js';
export { AcceptInstanceQuery } from './access/decorators/accept-instance-query.decorator.js';
export { AllowIdentities } from './access/decorators/allow-identities.decorator.js';
export { CredentialSource } from './access/credentials/credential-source.js';
export { HttpCredentialSource } from './access/credentials/http-credential.source.js';
export { WixConnections } from './access/connections/wix-connections.service.js';
export type { WixMessageTransport } from './nest/message-transports.js';
export type { PresentedSignedInstance } from './access/credentials/credential-source.js';
export { ReportScopes } from './access/decorators/report-scopes.decorator.js';
export { RequireAnyScope } from './access/decorators/require-any-scope.decorator.js';
export { RequirePlan } from './access/decorators/require-plan.decorator.js';
export { RequireScopes } from './access/decorators/require-scopes.decorator.js';
export { WixAccess } from './access/guards/wix-access.service.js';
export { WixAuthException } from './access/responses/wix-auth.exception.js';
export { WixAuthExceptionFilter } from './access/responses/wix-auth-exception.filter.js';
export { WixAuthGuard } from './access/guards/wix-auth.guard.js';
export { wixCorsOptions, wixOrigins } from './access/responses/wix-cors-options.js';
export type {
  WixCorsOptions,
  WixCorsOrigin,
  WixCorsSettings,
  WixOriginSettings,
} from './access/responses/wix-cors-options.js';
export { WixIdentity } from './access/decorators/wix-identity.decorator.js';
export type { WixIdentityDecorator, WixIdentityField } from './access/decorators/wix-identity.decorator.js';
export { wixIdentityOf } from './access/guards/wix-identity-of.js';
export { WixInstanceAuth } from './access/decorators/wix-instance-auth.decorator.js';
export type { WixInstanceAuthOptions } from './access/decorators/wix-instance-auth.decorator.js';
export { WixInstanceGuard } from './access/guards/wix-instance.guard.js';
export { WixPublic } from './access/decorators/wix-public.decorator.js';
export { WixUserAuth } from './access/decorators/wix-user-auth.decorator.js';
export type { WixUserAuthOptions } from './access/decorators/wix-user-auth.decorator.js';
export { WixUserGuard } from './access/guards/wix-user.guard.js';

// manifest
export { wixRoutes } from './manifest/wix-routes.js';
export type { WixRoute, WixRouteAccess, WixRouteKind } from './manifest/wix-route.js';

// client
export { wixApiErrorOf } from './client/answers/sdk-error.js';
export { WixApiError } from './client/answers/wix-api.error.js';
export type { WixApiAnswer } from './client/answers/wix-api.error.js';
export type { WixFieldViolation } from './client/answers/api-problem.js';
export type { WixPermissionHint } from './client/answers/permission-hint.js';
export { WixApiExceptionFilter } from './client/answers/wix-api-exception.filter.js';
export type { WixHttpClient } from './client/wix-http.client.js';
export { WixHttpService } from './client/wix-http.service.js';
export type { WixRequestConfig } from './client/sending/wix-request-config.js';

// core
export { SystemClock, WixClock } from './core/clock.js';
export {
  WixApiKeyRefusedError,
  WixAppRefusedError,
  WixAuthError,
  WixCredentialsAmbiguousError,
  WixCredentialsExpiredError,
  WixCredentialsMalformedError,
  WixCredentialsMissingError,
  WixCredentialsRejectedError,
  WixCredentialsWrongAppError,
  WixEventTooDeepError,
  WixIdentityExpiredError,
  WixIdentityNotAllowedError,
  WixInstanceNotTrustedError,
  WixInstanceUnknownError,
  WixMisconfiguredError,
  WixOnBehalfUnavailableError,
  WixPlanRequiredError,
  WixScopeMissingError,
  WixUnavailableError,
} from './core/wix-auth.errors.js';
export type { WixAnswerFacts, WixAuthErrorCode, WixScopeHolder, WixScopeRefusal } from './core/wix-auth.errors.js';
export type {
  AnyWixIdentity,
  WixAppIdentity,
  WixIdentityBase,
  WixIdentityType,
  WixMemberIdentity,
  WixUserIdentity,
  WixVisitorIdentity,
} from './core/identities/wix-identity.js';
export type {
  WixConfirmedInstance,
  WixSdkEnvelope,
  WixInstanceEvent,
  WixInstanceSource,
} from './core/identities/known-instances.js';
export { trustedInstanceId } from './core/identities/trusted-instance.js';
export type { TrustedInstance } from './core/identities/trusted-instance.js';
export type { WixInstanceId } from './core/identities/wix-instance-id.js';

// diagnostics
export { WixHealth } from './diagnostics/wix-health.js';
export type { WixHealthReason, WixHealthReport } from './diagnostics/wix-health.js';
export { onWixTrace } from './diagnostics/on-wix-trace.js';
export type {
  WixCallTrace,
  WixCircuitTrace,
  WixDecisionOutcome,
  WixDecisionTrace,
  WixGrantsTrace,
  WixInstallTrace,
  WixLeaseTrace,
  WixLimiterTrace,
  WixMintTrace,
  WixStoreTrace,
  WixTraceBase,
  WixTraceEnd,
  WixTraceName,
  WixTraceOutcome,
  WixTraceOver,
  WixTraces,
  WixTraceSource,
  WixVerifyTrace,
  WixWebhookOutcome,
  WixWebhookTrace,
} from './diagnostics/trace-messages.js';

// grants
export type { WixScope } from './grants/scopes/wix-scope.js';
export { UserGrants, VisitorGrants } from './grants/users/user-grants.js';
export type { WixHeldScopes } from './grants/users/user-grants.js';
export { WixGrantsService } from './grants/wix-grants.service.js';
export { WixPlansService } from './grants/plans/wix-plans.service.js';
export type { WixGrants } from './grants/wix-grants.js';
export type { WixInstance, WixPlan, WixSite } from './grants/instances/wix-instance.js';

// identity
export { WixIdentityService } from './identity/wix-identity.service.js';

// tokens
export { WixAccessToken } from './tokens/wix-access-token.js';
export { WixTokenService } from './tokens/wix-token.service.js';
export type { AccessTokenOptions } from './tokens/token-cache.js';

// webhooks
export { EventLedger } from './store/event-ledger.js';
export type { EventClaim } from './store/event-ledger.js';
export { EventQueue } from './store/event-queue.js';
export type {
  DeadEvent,
  QueueDead,
  QueueDone,
  QueuedEvent,
  QueueHandling,
  QueueLater,
  QueueRetry,
  QueueVerdict,
  QueueWork,
  TakenEvent,
} from './store/event-queue.js';
export type { WixEventContext } from './webhooks/events/event-handler.js';
export { OnWixEvent } from './webhooks/events/on-wix-event.decorator.js';
export type { WixEventMethodDecorator, WixEventType } from './webhooks/events/on-wix-event.decorator.js';
export type { WixEventDefinition, WixEventEnvelope } from './webhooks/envelopes/event-definition.js';
export type {
  WixBillingCycle,
  WixLifecycleData,
  WixLifecycleEventType,
  WixPlanData,
} from './webhooks/events/lifecycle-events.js';
export { WixDigest } from './signed-requests/wix-digest.decorator.js';
export { WixDigestGuard } from './signed-requests/wix-digest.guard.js';
export type {
  WixDomainEvent,
  WixEvent,
  WixEventAccount,
  WixEventIdentity,
  WixLifecycleEvent,
  WixRestEntity,
} from './webhooks/events/wix-event.js';
export { WixRawBody } from './signed-requests/bodies/captured-body.js';
export { WixServicePlugin } from './signed-requests/service-plugins/wix-service-plugin.decorator.js';
export type { WixServicePluginOptions } from './signed-requests/service-plugins/wix-service-plugin.decorator.js';
export type {
  WixServicePluginContract,
  WixServicePluginDefinition,
  WixServicePluginMethod,
  WixServicePluginModule,
} from './signed-requests/service-plugins/service-plugin-definition.js';
export { WixServicePluginException } from './signed-requests/service-plugins/wix-service-plugin.exception.js';
export { WixServicePluginGuard } from './signed-requests/service-plugins/wix-service-plugin.guard.js';
export {
  WixServicePluginMetadata,
  WixServicePluginRequest,
} from './signed-requests/service-plugins/service-plugin.decorators.js';
export type {
  WixServicePluginCall,
  WixServicePluginContext,
} from './signed-requests/service-plugins/service-plugin-call.js';
export { WixSignedRequestService, type WixDigestOptions } from './signed-requests/wix-signed-request.service.js';
export { WixEventQueue, type WixDeadLetter } from './webhooks/queue/wix-event-queue.service.js';
export type { WixWebhookOptions, WixWebhookQueueOptions } from './webhooks/webhook.options.js';
export { WixWebhookService } from './webhooks/wix-webhook.service.js';

// install
export { FileRefreshTokenStore } from './install/refresh-tokens/file-refresh-token.store.js';
export { InMemoryRefreshTokenStore } from './install/refresh-tokens/in-memory-refresh-token.store.js';
export { KeyvRefreshTokenStore } from './install/refresh-tokens/keyv-refresh-token.store.js';
export type { KeyvLike } from './install/refresh-tokens/keyv-refresh-token.store.js';
export { RefreshTokenStore } from './install/refresh-tokens/refresh-token.store.js';
export { WixInstallError } from './install/install.errors.js';
export type { WixInstallErrorCode } from './install/install.errors.js';
export { WixInstallHooks } from './install/wix-install.hooks.js';
export type { WixInstallation, WixInstallAnswer } from './install/wix-installation.js';
export type { WixInstallFlow } from './install/state/oauth-state.js';
export type { WixInstallOptions } from './install/install.options.js';
export { WixInstallService } from './install/wix-install.service.js';
export type { WixInstallAddresses, WixInstallLink } from './install/wix-install.service.js';

// store
export { InvalidationBus, type PublishedWhen } from './store/invalidation-bus.js';
export {
  TokenStore,
  type FoundLease,
  type FoundOrLeased,
  type FoundValue,
  type StoreLease,
} from './store/token-store.js';
