// module
export { WixAuthModule } from './wix-auth.module.js';
export { WIX_AUTH_OPTIONS } from './wix-auth.module-definition.js';
export type { WixAuthExtras, WixAuthOptionsFactory } from './wix-auth.module-definition.js';
export type {
  WixAuthOptions,
  WixCallOptions,
  WixGrantsOptions,
  WixSignedInstanceOptions,
  WixTokenOptions,
  WixVerificationOptions,
} from './wix-auth.options.js';

// access
export { AcceptInstanceQuery } from './access/accept-instance-query.decorator.js';
export { AllowIdentities } from './access/allow-identities.decorator.js';
export { CredentialSource } from './access/credential-source.js';
export { HttpCredentialSource } from './access/http-credential.source.js';
export type { PresentedSignedInstance } from './access/credential-source.js';
export { RequireAnyScope } from './access/require-any-scope.decorator.js';
export { RequireScopes } from './access/require-scopes.decorator.js';
export { WixAccess } from './access/wix-access.service.js';
export { WixAuthException } from './access/wix-auth.exception.js';
export { WixAuthExceptionFilter } from './access/wix-auth-exception.filter.js';
export { WixAuthGuard } from './access/wix-auth.guard.js';
export { wixCorsOptions } from './access/wix-cors-options.js';
export type { WixCorsOptions, WixCorsOrigin, WixCorsSettings } from './access/wix-cors-options.js';
export { WixIdentity } from './access/wix-identity.decorator.js';
export type { WixIdentityDecorator, WixIdentityField } from './access/wix-identity.decorator.js';
export { WixInstanceAuth } from './access/wix-instance-auth.decorator.js';
export type { WixInstanceAuthOptions } from './access/wix-instance-auth.decorator.js';
export { WixInstanceGuard } from './access/wix-instance.guard.js';
export { WixPublic } from './access/wix-public.decorator.js';
export { WixUserAuth } from './access/wix-user-auth.decorator.js';
export type { WixUserAuthOptions } from './access/wix-user-auth.decorator.js';
export { WixUserGuard } from './access/wix-user.guard.js';

// client
export { WixApiError } from './client/wix-api.error.js';
export type { WixApiAnswer } from './client/wix-api.error.js';
export type { WixFieldViolation } from './client/api-problem.js';
export { WixApiExceptionFilter } from './client/wix-api-exception.filter.js';
export type { WixHttpClient } from './client/wix-http.client.js';
export { WixHttpService } from './client/wix-http.service.js';
export type { WixRequestConfig } from './client/wix-request-config.js';

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
  WixIdentityExpiredError,
  WixIdentityNotAllowedError,
  WixInstanceUnknownError,
  WixMisconfiguredError,
  WixOnBehalfUnavailableError,
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
} from './core/wix-identity.js';
export { trustedInstanceId } from './core/wix-instance-id.js';
export type { WixInstanceId } from './core/wix-instance-id.js';

// grants
export type { WixScope } from './grants/wix-scope.js';
export { UserGrants, VisitorGrants } from './grants/user-grants.js';
export type { WixHoldings } from './grants/user-grants.js';
export { WixGrantsService } from './grants/wix-grants.service.js';
export type { WixGrants } from './grants/wix-grants.js';
export type { WixInstance, WixPlan, WixSite } from './grants/wix-instance.js';

// identity
export { WixIdentityService } from './identity/wix-identity.service.js';

// tokens
export { WixAccessToken } from './tokens/wix-access-token.js';
export { WixTokenService } from './tokens/wix-token.service.js';
export type { TokenWish } from './tokens/token-keeper.js';

// webhooks
export { EventLedger } from './webhooks/event-ledger.js';
export type { EventClaim } from './webhooks/event-ledger.js';
export { OnWixEvent } from './webhooks/on-wix-event.decorator.js';
export type { WixEventType } from './webhooks/on-wix-event.decorator.js';
export type {
  WixBillingCycle,
  WixLifecycleData,
  WixLifecycleEventType,
  WixPlanData,
} from './webhooks/lifecycle-events.js';
export { WixDigest } from './webhooks/wix-digest.decorator.js';
export { WixDigestGuard } from './webhooks/wix-digest.guard.js';
export type {
  WixDomainEvent,
  WixEvent,
  WixEventAccount,
  WixEventIdentity,
  WixLifecycleEvent,
} from './webhooks/wix-event.js';
export { WixRawBody } from './webhooks/captured-body.js';
export { WixServicePlugin } from './webhooks/wix-service-plugin.decorator.js';
export { WixServicePluginException } from './webhooks/wix-service-plugin.exception.js';
export { WixServicePluginGuard } from './webhooks/wix-service-plugin.guard.js';
export { WixServicePluginMetadata, WixServicePluginRequest } from './webhooks/service-plugin.decorators.js';
export type { WixServicePluginCall, WixServicePluginContext } from './webhooks/service-plugin-call.js';
export { WixSignedRequestService } from './webhooks/wix-signed-request.service.js';
export type { WixWebhookOptions } from './webhooks/webhook.options.js';
export { WixWebhookService } from './webhooks/wix-webhook.service.js';

// install
export { FileRefreshTokenStore } from './install/file-refresh-token.store.js';
export { InMemoryRefreshTokenStore } from './install/in-memory-refresh-token.store.js';
export { KeyvRefreshTokenStore } from './install/keyv-refresh-token.store.js';
export type { KeyvLike } from './install/keyv-refresh-token.store.js';
export { RefreshTokenStore } from './install/refresh-token.store.js';
export { WixInstallError } from './install/install.errors.js';
export type { WixInstallErrorCode } from './install/install.errors.js';
export { WixInstallHooks } from './install/wix-install.hooks.js';
export type { WixInstallation, WixInstallAnswer } from './install/wix-installation.js';
export type { WixInstallFlow } from './install/install-ticket.js';
export type { WixInstallOptions } from './install/install.options.js';
export { WixInstallService } from './install/wix-install.service.js';
export type { WixInstallAddresses, WixInstallLink } from './install/wix-install.service.js';

// store
export { Announcements, type AnnouncedWhen } from './store/announcements.js';
export { TokenStore, type StoreLease } from './store/token-store.js';
