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
