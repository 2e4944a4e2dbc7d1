import { digestOf } from '../core/digest.js';
import type { AuthEvents } from '../core/auth-events.js';
import type { WixClock } from '../core/clock.js';
import type { KnownInstances, WixInstanceSource } from '../core/identities/known-instances.js';
import type { PresentedTokens } from '../core/identities/presented-tokens.js';
import { idIn, type TrustedInstance } from '../core/identities/trusted-instance.js';
import { WixAuthError, WixIdentityExpiredError, WixOnBehalfUnavailableError } from '../core/wix-auth.errors.js';
import type { AnyWixIdentity } from '../core/identities/wix-identity.js';
import type { WixInstanceId } from '../core/identities/wix-instance-id.js';
import type { Traces } from '../diagnostics/traces.js';
import type { Sharing } from '../store/sharing.js';
import type { AppTokens } from './app-tokens.js';
import { TokenCache, type AccessTokenOptions } from './token-cache.js';
import type { TokenEndpoint } from './token.endpoint.js';
import { WixAccessToken } from './wix-access-token.js';

/** What the token service works with. */
export interface TokenParts {
  readonly appTokens: AppTokens;
  readonly endpoint: TokenEndpoint;
  readonly presented: PresentedTokens;
  readonly known: KnownInstances;
  readonly sharing: Sharing;
  readonly clock: WixClock;
  /** @default nothing listens */
  readonly traces?: Traces;
  /** @default nothing listens */
  readonly events?: AuthEvents;
}

/** How the token service behaves. */
export interface TokenSettings {
  readonly onBehalfOf: 'exchange' | 'forward';
}

/**
 * Access tokens for calling Wix: as the app on one site, or on behalf of a caller.
 *
 * Tokens are cached until shortly before they expire and shared by all callers; only {@link WixAccessToken.value} tells one.
 */
export class WixTokenService {
  readonly #parts: TokenParts;
  readonly #settings: TokenSettings;
  readonly #callerTokens: TokenCache;

  constructor(parts: TokenParts, settings: TokenSettings) {
    this.#parts = parts;
    this.#settings = settings;
    // An exchanged token ends with the caller's own, so renewing it ahead would gain nothing.
    const renewal = { leewayMs: 0, refreshAheadMs: 0, areNamedByInstance: false };
    this.#callerTokens = new TokenCache('caller', parts.sharing, parts.clock, renewal, parts.traces, parts.events);
  }

  /**
   * A token of the app on one site, with the permission scopes that site granted, by client credentials
   * (https://dev.wix.com/docs/rest/app-management/oauth-2/create-access-token), or by the refresh token of an
   * installation that has one (`InstanceTokenSource`).
   *
   * However many callers ask at once, Wix is asked once per instance.
   *
   * @param source what proves which site: an identity, an event or an installation that this registration made, or a
   * stored id with {@link trustedInstanceId}.
   * @throws {@link WixInstanceNotTrustedError} for anything else, and {@link WixIdentityExpiredError} for an identity
   * whose credential has expired.
   * @throws {@link WixInstanceUnknownError} when the app is not installed there (any more).
   * @throws {@link WixAppRefusedError} when Wix refuses the app's id or secret.
   * @throws {@link WixUnavailableError} when Wix cannot be asked.
   */
  accessTokenFor(source: WixInstanceSource, options?: AccessTokenOptions): Promise<WixAccessToken> {
    const { appTokens, known } = this.#parts;
    try {
      // The cached promise itself: an async function would make another one, which costs more than all the rest.
      return appTokens.of(known.currentIdOf(source), options);
    } catch (error) {
      if (error instanceof WixAuthError) return Promise.reject(error);
      throw error;
    }
  }

  /**
   * A token that acts for the user, member or visitor behind an identity: Wix then enforces what both the app and
   * the caller may do. It is the token the caller came with, exchanged for one that a server may use.
   *
   * @throws {@link WixIdentityExpiredError} when the caller's token has expired since.
   * @throws {@link WixOnBehalfUnavailableError} for an identity from a signed instance (which is no API token), the
   * app's own identity, a copy of an identity, or one this registration did not verify.
   * @throws {@link WixUnavailableError} when Wix cannot be asked.
   */
  async onBehalfOf(identity: AnyWixIdentity): Promise<WixAccessToken> {
    const presented = this.#presentedBy(identity);
    if (this.#settings.onBehalfOf === 'forward') return new WixAccessToken(presented, identity.expiresAt);
    const name = digestOf(presented);
    return this.#callerTokens.take(name, () => this.#parts.endpoint.unbind(identity.instanceId, presented));
  }

  /**
   * Drops a token that Wix refused, so that the next caller gets a new one. Does nothing when a newer one is cached
   * already, so many callers who failed with the same token cause one new token.
   */
  async invalidate(token: WixAccessToken): Promise<void> {
    await Promise.all([this.#parts.appTokens.drop(token), this.#callerTokens.drop(token)]);
  }

  /** Drops everything cached for an instance, refusals included. */
  async forget(instance: WixInstanceId | TrustedInstance): Promise<void> {
    await this.#parts.appTokens.forget(idIn(instance));
  }

  #presentedBy(identity: AnyWixIdentity): string {
    const presented = this.#parts.presented.of(identity);
    if (presented === undefined || identity.type === 'app') {
      throw new WixOnBehalfUnavailableError(whyUnavailable(identity));
    }
    if (identity.expiresAt.getTime() <= this.#parts.clock.nowMs()) {
      throw new WixIdentityExpiredError('The credential of this identity has expired since it was verified.');
    }
    return presented;
  }
}

function whyUnavailable(identity: AnyWixIdentity): string {
  if (identity.type === 'app') return 'The app acts only for itself: use its own token (accessTokenFor, asInstance).';
  return identity.credentialType === 'signed-instance'
    ? 'A signed instance proves who is calling, but is no token for the APIs of Wix: let the page send its access token.'
    : 'Only an identity verified by this registration of WixAuthModule carries a token, and a copy of one does not.';
}
