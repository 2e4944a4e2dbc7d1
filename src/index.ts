// module
export { WixAuthModule } from './wix-auth.module.js';
export { WIX_AUTH_OPTIONS } from './wix-auth.module-definition.js';
export type { WixAuthExtras, WixAuthOptionsFactory } from './wix-auth.module-definition.js';
export type {
  WixAuthOptions,
  WixGrantsOptions,
  WixSignedInstanceOptions,
  WixTokenOptions,
  WixVerificationOptions,
} from './wix-auth.options.js';

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
