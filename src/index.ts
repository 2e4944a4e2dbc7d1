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

// identity
export { WixIdentityService } from './identity/wix-identity.service.js';

// tokens
export { WixAccessToken } from './tokens/wix-access-token.js';
export { WixTokenService } from './tokens/wix-token.service.js';
export type { TokenWish } from './tokens/token-keeper.js';

// store
export { TokenStore } from './store/token-store.js';
