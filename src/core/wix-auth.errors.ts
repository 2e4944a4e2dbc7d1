import type { AnyWixIdentity } from './identities/wix-identity.js';

/** Every reason why a caller is refused, cannot be verified or cannot be acted for, as a stable code to branch on. */
export type WixAuthErrorCode =
  | 'WIX_CREDENTIALS_MISSING'
  | 'WIX_CREDENTIALS_AMBIGUOUS'
  | 'WIX_CREDENTIALS_MALFORMED'
  | 'WIX_CREDENTIALS_EXPIRED'
  | 'WIX_CREDENTIALS_REJECTED'
  | 'WIX_CREDENTIALS_WRONG_APP'
  | 'WIX_API_KEY_REFUSED'
  | 'WIX_IDENTITY_NOT_ALLOWED'
  | 'WIX_IDENTITY_EXPIRED'
  | 'WIX_SCOPE_MISSING'
  | 'WIX_PLAN_REQUIRED'
  | 'WIX_ON_BEHALF_UNAVAILABLE'
  | 'WIX_UNAVAILABLE'
  | 'WIX_INSTANCE_UNKNOWN'
  | 'WIX_INSTANCE_NOT_TRUSTED'
  | 'WIX_EVENT_TOO_DEEP'
  | 'WIX_APP_REFUSED'
  | 'WIX_MISCONFIGURED';

/**
 * Base of the errors about authentication and authorization: who calls, what they may do, and for whom this app acts.
 * Branch on {@link code}, not on the message.
 *
 * Two errors of this library are about something else and do not extend it: {@link WixApiError} is what Wix answered to
 * a call of yours, and {@link WixInstallError} an installation that could not be finished. Both have a `code` too.
 */
export abstract class WixAuthError extends Error {
  /** The reason, stable across versions. */
  abstract readonly code: WixAuthErrorCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Nothing was presented to say who is calling. */
export class WixCredentialsMissingError extends WixAuthError {
  override readonly code = 'WIX_CREDENTIALS_MISSING';
}

/** Two credentials were presented where one is expected, so it is unclear who is calling. */
export class WixCredentialsAmbiguousError extends WixAuthError {
  override readonly code = 'WIX_CREDENTIALS_AMBIGUOUS';
}

/** What was presented cannot be such a credential: wrong shape, too large, or unreadable. */
export class WixCredentialsMalformedError extends WixAuthError {
  override readonly code = 'WIX_CREDENTIALS_MALFORMED';
}

/** The credential has expired. */
export class WixCredentialsExpiredError extends WixAuthError {
  override readonly code = 'WIX_CREDENTIALS_EXPIRED';
}

/** The credential was read and does not hold: Wix calls it inactive, or its signature is wrong. */
export class WixCredentialsRejectedError extends WixAuthError {
  override readonly code = 'WIX_CREDENTIALS_REJECTED';
}

/** The credential was issued for another app. */
export class WixCredentialsWrongAppError extends WixAuthError {
  override readonly code = 'WIX_CREDENTIALS_WRONG_APP';
}

/** An API key was presented. Those belong to one Wix account and are not for third-party apps. */
export class WixApiKeyRefusedError extends WixAuthError {
  override readonly code = 'WIX_API_KEY_REFUSED';
}

/** The caller is known, but this route does not accept that kind of caller. */
export class WixIdentityNotAllowedError extends WixAuthError {
  override readonly code = 'WIX_IDENTITY_NOT_ALLOWED';
  /** Who may call. */
  readonly allowedIdentities: readonly AnyWixIdentity['type'][];

  constructor(
    message: string,
    /** Who called. */
    readonly identityType: AnyWixIdentity['type'],
    allowedIdentities: readonly AnyWixIdentity['type'][],
  ) {
    super(message);
    this.allowedIdentities = Object.freeze([...allowedIdentities]);
  }
}

/** An identity was used after the credential it came from had expired. */
export class WixIdentityExpiredError extends WixAuthError {
  override readonly code = 'WIX_IDENTITY_EXPIRED';
}

/** Who lacks a scope: the app on that site, the caller it acts for, or both. */
export type WixScopeHolder = 'app' | 'user' | 'member' | 'visitor';

/** The facts of a {@link WixScopeMissingError}, for the response body. */
export interface WixScopeRefusal {
  /** Every scope the route requires. */
  readonly requiredScopes: readonly string[];
  /** Those that are missing; of an any-of group, all its members. */
  readonly missingScopes: readonly string[];
  /** Who lacks them. */
  readonly lackedBy: readonly WixScopeHolder[];
}

/** The caller is known and allowed, but a required permission scope is not granted. */
export class WixScopeMissingError extends WixAuthError {
  override readonly code = 'WIX_SCOPE_MISSING';
  /** Every scope the route requires. */
  readonly requiredScopes: readonly string[];
  /** Those that are missing; of an any-of group, all its members. */
  readonly missingScopes: readonly string[];
  /** Who lacks them. */
  readonly lackedBy: readonly WixScopeHolder[];

  constructor(message: string, refusal: WixScopeRefusal) {
    super(message);
    this.requiredScopes = Object.freeze([...refusal.requiredScopes]);
    this.missingScopes = Object.freeze([...refusal.missingScopes]);
    this.lackedBy = Object.freeze([...refusal.lackedBy]);
  }
}

/** The caller is known and allowed, but their site has none of the paid plans that the route requires. */
export class WixPlanRequiredError extends WixAuthError {
  override readonly code = 'WIX_PLAN_REQUIRED';
  /** The product ids of the plans that suffice. */
  readonly requiredPlans: readonly string[];

  constructor(
    message: string,
    requiredPlans: readonly string[],
    /** Wix's page where the site's owner buys a plan. */
    readonly upgradeUrl: string,
  ) {
    super(message);
    this.requiredPlans = Object.freeze([...requiredPlans]);
  }
}

/** The identity came without a token that can act for it, or was not made by this module. */
export class WixOnBehalfUnavailableError extends WixAuthError {
  override readonly code = 'WIX_ON_BEHALF_UNAVAILABLE';
}

/** Facts about an unusable answer of Wix. */
export interface WixAnswerFacts {
  /** Wix's id of the failed request (`x-wix-request-id`), for their support. */
  readonly requestId?: string | undefined;
  /** How long Wix asked to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The cause. Never an axios error: those print request headers. */
  readonly cause?: unknown;
  /** Whether Wix itself could not be asked: see {@link WixUnavailableError.isOutage}. */
  readonly isOutage?: boolean | undefined;
}

/** Wix cannot be reached right now: network, timeout, throttling, a server error, or an unreadable answer. */
export class WixUnavailableError extends WixAuthError {
  override readonly code = 'WIX_UNAVAILABLE';
  /** Wix's id of the failed request, when it gave one. */
  readonly requestId: string | undefined;
  /** How long to wait before asking again, in milliseconds, when known. */
  readonly retryAfterMs: number | undefined;
  /**
   * Whether Wix was away: a network fault, a timeout, 429, 5xx, a 2xx that could not be read, or too many of those just
   * before. `false` for other reasons, such as too many requests waiting in this process.
   */
  readonly isOutage: boolean;

  constructor(message: string, facts: WixAnswerFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.requestId = facts.requestId;
    this.retryAfterMs = facts.retryAfterMs;
    this.isOutage = facts.isOutage ?? false;
  }
}

/** Whether an error says that Wix was away, and so nothing about what was asked. */
export const isOutage = (error: unknown): boolean => error instanceof WixUnavailableError && error.isOutage;

/** Wix knows no such installation: the app was never installed there, or was removed. */
export class WixInstanceUnknownError extends WixAuthError {
  override readonly code = 'WIX_INSTANCE_UNKNOWN';
  /** Wix's id of the refused request, when it gave one. */
  readonly requestId: string | undefined;

  constructor(message: string, facts: WixAnswerFacts = {}) {
    super(message);
    this.requestId = facts.requestId;
  }
}

/**
 * A value that does not prove which site the caller belongs to was used to open one: a plain string, or an object that
 * only looks like an identity, an event or an installation. A programming error: the message says what to pass instead.
 */
export class WixInstanceNotTrustedError extends WixAuthError {
  override readonly code = 'WIX_INSTANCE_NOT_TRUSTED';
}

/** What Wix sent and signed is nested deeper than `webhooks.maxDepth`. */
export class WixEventTooDeepError extends WixAuthError {
  override readonly code = 'WIX_EVENT_TOO_DEEP';
}

/** Wix refuses the app's own id or secret. The caller cannot fix this: the operator must. */
export class WixAppRefusedError extends WixAuthError {
  override readonly code = 'WIX_APP_REFUSED';
  /** Wix's id of the refused request, when it gave one. */
  readonly requestId: string | undefined;

  constructor(message: string, facts: WixAnswerFacts = {}) {
    super(message);
    this.requestId = facts.requestId;
  }
}

/** The module, a route or a call is set up wrongly. Thrown at start-up wherever possible. */
export class WixMisconfiguredError extends WixAuthError {
  override readonly code = 'WIX_MISCONFIGURED';
}
