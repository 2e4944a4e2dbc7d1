import type { WixClock } from '../core/clock.js';
import type { PresentedTokens } from '../core/presented-tokens.js';
import { Recency } from '../core/recency.js';
import { SingleFlight } from '../core/single-flight.js';
import { WixCredentialsMalformedError, WixCredentialsRejectedError } from '../core/wix-auth.errors.js';
import type { AnyWixIdentity } from '../core/wix-identity.js';
import type { WixInstanceId } from '../core/wix-instance-id.js';
import type { AccessTokenVerifier } from './access-token.verifier.js';
import {
  bareCredential,
  readCredential,
  type AccessTokenCredential,
  type SignedInstanceCredential,
} from './credential.js';
import type { QuestionLimiter } from './question-limiter.js';
import { RefusedTokens } from './refused-tokens.js';
import { RemovedInstances } from './removed-instances.js';
import type { SignedInstanceVerifier } from './signed-instance.verifier.js';
import type { TokenHint } from './token-hint.js';
import { VerifiedTokens } from './verified-tokens.js';

/** How long and how much the identity service remembers. */
export interface IdentitySettings {
  readonly ttlMs: number;
  readonly rejectedTtlMs: number;
  readonly maxEntries: number;
  readonly maxCredentialBytes: number;
}

/** What the identity service works with. `signedInstances` is `false` when the app refuses them. */
export interface IdentityParts {
  readonly accessTokens: AccessTokenVerifier;
  readonly signedInstances: SignedInstanceVerifier | false;
  readonly limiter: QuestionLimiter;
  readonly presented: PresentedTokens;
  readonly clock: WixClock;
}

/**
 * Verifies who is calling, from an access token or a signed instance. Says nothing about what they may do.
 * Guards use it; call it yourself where there is no HTTP request.
 */
export class WixIdentityService {
  readonly #parts: IdentityParts;
  readonly #settings: IdentitySettings;
  readonly #verified: VerifiedTokens;
  readonly #refused = new RefusedTokens();
  readonly #questions = new SingleFlight<AnyWixIdentity>();
  readonly #recency = new Recency();
  readonly #removed = new RemovedInstances();

  constructor(parts: IdentityParts, settings: IdentitySettings) {
    this.#parts = parts;
    this.#settings = settings;
    this.#verified = new VerifiedTokens(settings.maxEntries);
  }

  /** Who a credential belongs to if it was verified lately, at once and without asking anyone. */
  kept(credential: string): AnyWixIdentity | undefined {
    return this.#verified.find(bareCredential(credential), this.#parts.clock.nowMs());
  }

  /**
   * Who a credential belongs to. Access tokens are verified by Wix (token-info), signed instances offline; either once
   * per `verification.ttlMs`. `Bearer` in front is ignored.
   *
   * @throws {@link WixCredentialsMalformedError}, {@link WixApiKeyRefusedError}: it cannot be a credential.
   * @throws {@link WixCredentialsExpiredError}, {@link WixCredentialsRejectedError}: it is none any more, or never was.
   * @throws {@link WixCredentialsWrongAppError} when it was issued for another app.
   * @throws {@link WixUnavailableError} when Wix cannot be asked, which says nothing about the credential.
   */
  async verify(credential: string): Promise<AnyWixIdentity> {
    const text = bareCredential(credential);
    this.#refuseOversized(text);
    const kept = this.#verified.find(text, this.#parts.clock.nowMs());
    if (kept !== undefined) return kept;

    const shape = readCredential(text);
    return shape.kind === 'signed-instance' ? this.#verifySigned(shape) : this.#verifyToken(shape);
  }

  /**
   * Who a signed instance was made for, verified offline with the app's secret. Accepts nothing else.
   *
   * @throws the same errors as {@link verify}, without {@link WixUnavailableError}.
   */
  verifySignedInstance(credential: string): AnyWixIdentity {
    const kept = this.#verified.find(credential, this.#parts.clock.nowMs());
    if (kept?.credential === 'signed-instance') return kept;

    this.#refuseOversized(credential);
    const shape = readCredential(credential);
    if (shape.kind === 'signed-instance') return this.#verifySigned(shape);
    throw new WixCredentialsMalformedError(
      'Only a signed instance may stand here; send access tokens in Authorization.',
    );
  }

  /** Forgets who was verified for an installation. Answers already asked for are not kept when they come. */
  forget(instanceId: WixInstanceId): void {
    this.#verified.forget(instanceId);
    this.#recency.forget(instanceId);
    this.#refused.clear();
    this.#questions.forgetAll();
  }

  /** Refuses signed instances of an installation that Wix signed before this moment: the site removed the app then. */
  refuseSignedBefore(instanceId: WixInstanceId, removedAtMs: number): void {
    this.#removed.remember(instanceId, removedAtMs);
    this.#verified.forget(instanceId);
  }

  #verifySigned(credential: SignedInstanceCredential): AnyWixIdentity {
    if (this.#parts.signedInstances === false) {
      throw new WixCredentialsRejectedError('This app does not accept signed instances (signedInstance: false).');
    }
    const { identity, signedAtMs } = this.#parts.signedInstances.verify(credential);
    if (this.#removed.removedSince(identity.instanceId, signedAtMs)) {
      throw new WixCredentialsRejectedError('The site has removed the app since this signed instance was made.');
    }
    this.#verified.keep(credential.text, identity, this.#trustedUntilMs(identity, this.#parts.clock.nowMs()));
    return identity;
  }

  async #verifyToken(credential: AccessTokenCredential): Promise<AnyWixIdentity> {
    const hint = this.#parts.accessTokens.refuseHopeless(credential);
    const refusal = this.#refused.find(credential.text, this.#parts.clock.nowMs());
    if (refusal !== undefined) throw refusal;
    return this.#questions.run(credential.text, () => this.#ask(credential, hint));
  }

  async #ask(credential: AccessTokenCredential, hint: TokenHint): Promise<AnyWixIdentity> {
    const askedAt = this.#recency.now();
    const askedAtMs = this.#parts.clock.nowMs();
    try {
      const identity = await this.#admitted(credential.text, () => this.#parts.accessTokens.verify(credential, hint));
      this.#keep(credential.text, identity, askedAt, askedAtMs);
      return identity;
    } catch (error) {
      this.#rememberRefusal(credential.text, error, askedAt, askedAtMs);
      throw error;
    }
  }

  // A token that was good before is nobody's invention: in a flood of those its holder must not be turned away.
  #admitted(token: string, ask: () => Promise<AnyWixIdentity>): Promise<AnyWixIdentity> {
    return this.#verified.knows(token) ? ask() : this.#parts.limiter.run(ask);
  }

  #keep(token: string, identity: AnyWixIdentity, askedAt: number, askedAtMs: number): void {
    this.#parts.presented.remember(identity, token);
    if (this.#recency.isOutdated(identity.instanceId, askedAt)) return;
    this.#verified.keep(token, identity, this.#trustedUntilMs(identity, askedAtMs));
  }

  #trustedUntilMs(identity: AnyWixIdentity, verifiedAtMs: number): number {
    return Math.min(identity.expiresAt.getTime(), verifiedAtMs + this.#settings.ttlMs);
  }

  // A refusal names no installation, so whatever was forgotten meanwhile may have been what it was about.
  #rememberRefusal(token: string, error: unknown, askedAt: number, askedAtMs: number): void {
    if (this.#recency.now() !== askedAt) return;
    this.#refused.remember(token, error, askedAtMs + this.#settings.rejectedTtlMs);
  }

  #refuseOversized(text: string): void {
    if (text.length > this.#settings.maxCredentialBytes) {
      throw new WixCredentialsMalformedError(
        `The credential is longer than ${String(this.#settings.maxCredentialBytes)} bytes (verification.maxCredentialBytes).`,
      );
    }
  }
}
