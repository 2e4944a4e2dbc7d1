import type { WixClock } from '../core/clock.js';
import { numberOf, textOf, type JsonObject } from '../core/json.js';
import type { PresentedTokens } from '../core/presented-tokens.js';
import { Recency } from '../core/recency.js';
import { SingleFlight } from '../core/single-flight.js';
import { WixCredentialsMalformedError, WixCredentialsRejectedError } from '../core/wix-auth.errors.js';
import type { AnyWixIdentity } from '../core/wix-identity.js';
import { instanceIdFromWix, type WixInstanceId } from '../core/wix-instance-id.js';
import type { AnnouncedWhen } from '../store/announcements.js';
import type { Sharing } from '../store/sharing.js';
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
import type { VerifiedIdentity } from './shared-identity.js';
import type { SignedInstanceVerifier } from './signed-instance.verifier.js';
import type { TokenHint } from './token-hint.js';
import { TokenQuestions } from './token-questions.js';
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
  readonly sharing: Sharing;
  readonly clock: WixClock;
  readonly appId: string;
}

const FORGOTTEN = 'identities forgotten';
const REMOVED = 'app removed';

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
  readonly #tokenQuestions: TokenQuestions;

  constructor(parts: IdentityParts, settings: IdentitySettings) {
    this.#parts = parts;
    this.#settings = settings;
    this.#verified = new VerifiedTokens(settings.maxEntries);
    const { accessTokens, sharing, clock, appId } = parts;
    this.#tokenQuestions = new TokenQuestions(accessTokens, sharing.values('verified tokens'), clock, appId);
    sharing.news.on(FORGOTTEN, (body, when) => this.#hearForgotten(body, when));
    sharing.news.on(REMOVED, (body) => this.#hearRemoved(body));
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

  /**
   * Forgets who was verified for an installation: here at once, and in all processes that share the cache when the
   * promise is fulfilled. Answers already asked for are not kept when they come.
   */
  async forget(instanceId: WixInstanceId): Promise<void> {
    this.#forgetHere(instanceId);
    await this.#tokenQuestions.forget(instanceId);
    await this.#parts.sharing.news.tell(FORGOTTEN, { instanceId });
  }

  /**
   * Refuses signed instances of an installation that Wix signed before this moment, since the site removed the app
   * then: here at once, and in all processes that share the cache when the promise is fulfilled.
   */
  async refuseSignedBefore(instanceId: WixInstanceId, removedAtMs: number): Promise<void> {
    this.#refuseHere(instanceId, removedAtMs);
    await this.#parts.sharing.news.tell(REMOVED, { instanceId, removedAtMs });
  }

  #forgetHere(instanceId: WixInstanceId): void {
    this.#verified.forget(instanceId);
    this.#recency.forget(instanceId);
    this.#refused.clear();
    this.#questions.forgetAll();
  }

  #refuseHere(instanceId: WixInstanceId, removedAtMs: number): void {
    this.#removed.remember(instanceId, removedAtMs);
    this.#verified.forget(instanceId);
  }

  #hearForgotten(body: JsonObject, when: AnnouncedWhen): void {
    if (when === 'now') this.#forgetHere(instanceIdFromWix(textOf(body, 'instanceId') ?? ''));
  }

  // Also what was told before this process began: a signed instance outlives it by hours.
  #hearRemoved(body: JsonObject): void {
    this.#refuseHere(instanceIdFromWix(textOf(body, 'instanceId') ?? ''), numberOf(body, 'removedAtMs') ?? 0);
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
      const verified = await this.#tokenQuestions.ask({
        credential,
        hint,
        admit: (ask) => this.#admitted(credential.text, ask),
        trustedUntilMs: (known) => this.#trustedUntilMs(known.identity, known.askedAtMs),
        isWanted: (known) => !this.#recency.isOutdated(known.identity.instanceId, askedAt),
      });
      this.#keep(credential.text, verified, askedAt);
      return verified.identity;
    } catch (error) {
      this.#rememberRefusal(credential.text, error, askedAt, askedAtMs);
      throw error;
    }
  }

  // A token that was good before is nobody's invention: in a flood of those its holder must not be turned away.
  #admitted<Answer>(token: string, ask: () => Promise<Answer>): Promise<Answer> {
    return this.#verified.knows(token) ? ask() : this.#parts.limiter.run(ask);
  }

  #keep(token: string, { identity, askedAtMs }: VerifiedIdentity, askedAt: number): void {
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
