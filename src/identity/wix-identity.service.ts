import type { AuthEvents } from '../core/auth-events.js';
import type { WixClock } from '../core/clock.js';
import { numberOf, textOf, type JsonObject } from '../core/values/json.js';
import type { KnownInstances } from '../core/identities/known-instances.js';
import type { PresentedTokens } from '../core/identities/presented-tokens.js';
import { InvalidationEpochs } from '../core/concurrency/invalidation-epochs.js';
import { SingleFlight } from '../core/concurrency/single-flight.js';
import { endOf } from '../diagnostics/trace-channel.js';
import { Traces } from '../diagnostics/traces.js';
import type { WixTraceSource } from '../diagnostics/trace-messages.js';
import { isOutage, WixCredentialsMalformedError, WixCredentialsRejectedError } from '../core/wix-auth.errors.js';
import type { AnyWixIdentity } from '../core/identities/wix-identity.js';
import { idIn, type TrustedInstance } from '../core/identities/trusted-instance.js';
import { instanceIdFromWix, type WixInstanceId } from '../core/identities/wix-instance-id.js';
import type { PublishedWhen } from '../store/invalidation-bus.js';
import type { Sharing } from '../store/sharing.js';
import type { AccessTokenVerifier } from './introspection/access-token.verifier.js';
import {
  bareCredential,
  readCredential,
  type AccessTokenCredential,
  type SignedInstanceCredential,
} from './credential.js';
import type { IntrospectionLimiter } from './introspection/introspection-limiter.js';
import type { RecentInstallations } from './introspection/recent-installations.js';
import { isRefusal, RefusedTokens } from './caches/refused-tokens.js';
import { RemovedInstances } from './caches/removed-instances.js';
import type { VerifiedIdentity } from './caches/shared-identity.js';
import type { SignedInstanceVerifier } from './signed-instance.verifier.js';
import type { UnverifiedClaims } from './introspection/unverified-claims.js';
import { TokenIntrospection, type TokenIntrospectionRequest } from './introspection/token-introspection.js';
import { VerifiedTokens } from './caches/verified-tokens.js';

/** How long and how much the identity service remembers. */
export interface IdentitySettings {
  readonly ttlMs: number;
  readonly staleIfErrorMs: number;
  readonly rejectedTtlMs: number;
  readonly maxEntries: number;
  readonly maxCredentialBytes: number;
}

/** What the identity service works with. `signedInstances` is `false` when the app refuses them. */
export interface IdentityParts {
  readonly accessTokens: AccessTokenVerifier;
  readonly signedInstances: SignedInstanceVerifier | false;
  readonly limiter: IntrospectionLimiter;
  readonly recent: RecentInstallations;
  readonly presented: PresentedTokens;
  readonly known: KnownInstances;
  readonly sharing: Sharing;
  readonly clock: WixClock;
  readonly appId: string;
  /** @default nothing listens */
  readonly traces?: Traces;
  /** @default nothing listens */
  readonly events?: AuthEvents;
}

/** Who refuses, if it comes to that. */
interface RefusalSource {
  from: WixTraceSource;
}

interface Verified {
  readonly identity: AnyWixIdentity;
  readonly from: WixTraceSource;
}

const FORGOTTEN = 'identities forgotten';
const REMOVED = 'app removed';
const RENEW_AFTER = 3 / 4;

/**
 * Verifies who is calling, from an access token or a signed instance. Says nothing about what they may do.
 * Guards use it; call it yourself where there is no HTTP request.
 */
export class WixIdentityService {
  readonly #parts: IdentityParts;
  readonly #settings: IdentitySettings;
  readonly #verified: VerifiedTokens;
  readonly #refused = new RefusedTokens();
  readonly #requests = new SingleFlight<Verified>();
  readonly #epochs = new InvalidationEpochs();
  readonly #removed = new RemovedInstances();
  readonly #introspection: TokenIntrospection;
  readonly #traces: Traces;

  constructor(parts: IdentityParts, settings: IdentitySettings) {
    this.#parts = parts;
    this.#settings = settings;
    this.#traces = parts.traces ?? new Traces();
    this.#verified = new VerifiedTokens(settings.maxEntries, (credential) => this.#renewInBackground(credential));
    const { accessTokens, sharing, clock, appId } = parts;
    this.#introspection = new TokenIntrospection(accessTokens, sharing.values('verified tokens'), clock, appId);
    sharing.invalidations.on(FORGOTTEN, (body, when) => this.#onForgotten(body, when));
    sharing.invalidations.on(REMOVED, (body) => this.#onRemoved(body));
  }

  /** Who a credential belongs to if it was verified lately, at once and without asking anyone. */
  cached(credential: string): AnyWixIdentity | undefined {
    return this.#find(bareCredential(credential));
  }

  /**
   * Who a credential belongs to. Access tokens are verified by Wix (token-info), signed instances offline; either once
   * per `verification.ttlMs`. `Bearer` in front is ignored.
   *
   * @throws {@link WixCredentialsMalformedError}, {@link WixApiKeyRefusedError}: it cannot be a credential.
   * @throws {@link WixCredentialsExpiredError}, {@link WixCredentialsRejectedError}: it is not valid any more, or never was.
   * @throws {@link WixCredentialsWrongAppError} when it was issued for another app.
   * @throws {@link WixUnavailableError} when Wix cannot be asked, which says nothing about the credential.
   */
  async verify(credential: string): Promise<AnyWixIdentity> {
    const text = bareCredential(credential);
    return this.#find(text) ?? (await this.#verifyTraced(text)).identity;
  }

  /**
   * Who a signed instance was made for, verified offline with the app's secret. Accepts nothing else.
   *
   * @throws the same errors as {@link verify}, without {@link WixUnavailableError}.
   */
  verifySignedInstance(credential: string): AnyWixIdentity {
    const cached = this.#find(credential);
    if (cached?.credentialType === 'signed-instance') return cached;

    try {
      const identity = this.#verifySignedText(credential);
      if (this.#traces.verify.hasListeners) this.#publishVerified(identity, 'offline');
      return identity;
    } catch (error) {
      if (this.#traces.verify.hasListeners) this.#publishRefused(error);
      throw error;
    }
  }

  /**
   * Forgets who was verified for an installation: here at once, and in all processes that share the cache when the
   * promise is fulfilled. Answers that are under way are not cached when they arrive.
   */
  async forget(instance: WixInstanceId | TrustedInstance): Promise<void> {
    const instanceId = idIn(instance);
    this.#forgetHere(instanceId);
    await this.#introspection.forget(instanceId);
    // Requests that began meanwhile may have found in the store what was not marked there yet.
    this.#forgetHere(instanceId);
    await this.#parts.sharing.invalidations.publish(FORGOTTEN, { instanceId });
  }

  /**
   * Refuses signed instances of an installation that Wix signed before this moment, since the site removed the app
   * then: here at once, and in all processes that share the cache when the promise is fulfilled.
   */
  async refuseSignedBefore(instance: WixInstanceId | TrustedInstance, removedAtMs: number): Promise<void> {
    const instanceId = idIn(instance);
    this.#refuseHere(instanceId, removedAtMs);
    await this.#parts.recent.forget(instanceId, removedAtMs);
    await this.#parts.sharing.invalidations.publish(REMOVED, { instanceId, removedAtMs });
  }

  #find(credential: string): AnyWixIdentity | undefined {
    const identity = this.#verified.find(credential, this.#parts.clock.nowMs());
    if (identity !== undefined && this.#traces.verify.hasListeners) this.#publishVerified(identity, 'memory');
    return identity;
  }

  #publishVerified(identity: AnyWixIdentity, from: WixTraceSource): void {
    const { credentialType } = identity;
    this.#traces.verify.publish({
      credentialType,
      from,
      ...this.#traces.callerFacts(identity),
      outcome: 'success',
    });
  }

  #publishRefused(error: unknown): void {
    this.#traces.verify.publish({ credentialType: 'signed-instance', from: 'offline', ...endOf(error) });
  }

  #verifyTraced(text: string): Promise<Verified> {
    const refusal: RefusalSource = { from: 'offline' };
    return this.#traces.verify.follow(
      () => ({ credentialType: kindOf(text) }),
      () => this.#verifyText(text, refusal),
      ({ identity, from }) => ({ from, ...this.#traces.callerFacts(identity) }),
      () => refusal,
    );
  }

  async #verifyText(text: string, refusal: RefusalSource): Promise<Verified> {
    this.#refuseOversized(text);
    const shape = readCredential(text);
    return shape.kind === 'signed-instance'
      ? { identity: this.#verifySigned(shape), from: 'offline' }
      : this.#verifyToken(shape, refusal);
  }

  #verifySignedText(credential: string): AnyWixIdentity {
    this.#refuseOversized(credential);
    const shape = readCredential(credential);
    if (shape.kind === 'signed-instance') return this.#verifySigned(shape);
    throw new WixCredentialsMalformedError(
      'Only a signed instance may stand here; send access tokens in Authorization.',
    );
  }

  #forgetHere(instanceId: WixInstanceId): void {
    this.#verified.forget(instanceId);
    this.#epochs.forget(instanceId);
    this.#refused.clear();
    this.#requests.forgetAll();
  }

  #refuseHere(instanceId: WixInstanceId, removedAtMs: number): void {
    this.#removed.remember(instanceId, removedAtMs);
    this.#parts.recent.forgetHere(instanceId, removedAtMs);
    this.#verified.forget(instanceId);
    this.#epochs.forget(instanceId);
    this.#parts.events?.emit('appRemoved', { instanceId, removedAtMs });
  }

  #onForgotten(body: JsonObject, when: PublishedWhen): void {
    if (when === 'now') this.#forgetHere(instanceIdFromWix(textOf(body, 'instanceId') ?? ''));
  }

  // Also what was told before this process began: a signed instance outlives it by hours.
  #onRemoved(body: JsonObject): void {
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
    const nowMs = this.#parts.clock.nowMs();
    this.#verified.keep(credential.text, identity, trustedUntilMs(identity, nowMs, this.#settings.ttlMs));
    this.#parts.recent.note(identity.instanceId);
    return this.#parts.known.add(identity);
  }

  async #verifyToken(credential: AccessTokenCredential, source: RefusalSource): Promise<Verified> {
    const unverifiedClaims = this.#parts.accessTokens.rejectEarly(credential);
    const refusal = this.#refused.find(credential.text, this.#parts.clock.nowMs());
    source.from = refusal === undefined ? 'wix' : 'memory';
    if (refusal !== undefined) throw refusal;
    const { ttlMs } = this.#settings;
    return this.#requests.run(credential.text, () => this.#introspect(credential, unverifiedClaims, ttlMs));
  }

  // The caller has a good identity: whatever comes of it is seen by those who come later. One at a time for each token.
  #renewInBackground(token: string): boolean {
    const credential = readCredential(token);
    if (credential.kind === 'signed-instance' || !this.#parts.accessTokens.hasRoomToSpare) return false;
    const renewal = async (): Promise<Verified> =>
      this.#introspect(credential, this.#parts.accessTokens.rejectEarly(credential), this.#renewAfterMs);
    this.#requests.run(token, renewal).catch(() => undefined);
    return true;
  }

  /** @param maxAgeMs how old an answer may be that another process got. */
  async #introspect(
    credential: AccessTokenCredential,
    unverifiedClaims: UnverifiedClaims,
    maxAgeMs: number,
  ): Promise<Verified> {
    const epoch = this.#epochs.now();
    const requestedAtMs = this.#parts.clock.nowMs();
    const request = this.#requestAbout(credential, unverifiedClaims, epoch, maxAgeMs);
    try {
      const { verified, from } = await this.#introspection.introspect(request);
      this.#keep(credential.text, verified, epoch);
      return { identity: verified.identity, from };
    } catch (error) {
      const stale = isOutage(error) ? await this.#findStale(request, epoch) : undefined;
      if (stale !== undefined) {
        this.#parts.events?.emit('staleServed', { what: 'identities' });
        return { identity: stale, from: 'stale' };
      }
      this.#rememberRefusal(credential.text, error, epoch, requestedAtMs);
      if (isRefusal(error)) this.#onRefused(credential.text, unverifiedClaims);
      throw error;
    }
  }

  #requestAbout(
    credential: AccessTokenCredential,
    unverifiedClaims: UnverifiedClaims,
    epoch: number,
    maxAgeMs: number,
  ): TokenIntrospectionRequest {
    // A token that was good before is genuine: its holder must not be turned away in a flood of invented ones.
    const lane = this.#verified.knows(credential.text) ? 'reverification' : 'introspection';
    return {
      credential,
      unverifiedClaims,
      lane,
      admit: (introspect) => this.#admitted(lane, unverifiedClaims, introspect),
      trustedUntilMs: ({ identity, requestedAtMs }) => trustedUntilMs(identity, requestedAtMs, maxAgeMs),
      staleUntilMs: ({ identity, requestedAtMs }) =>
        trustedUntilMs(identity, requestedAtMs, this.#settings.ttlMs + this.#settings.staleIfErrorMs),
      isStillValid: ({ identity }) => !this.#epochs.isStale(identity.instanceId, epoch),
    };
  }

  async #findStale(request: TokenIntrospectionRequest, epoch: number): Promise<AnyWixIdentity | undefined> {
    if (this.#settings.staleIfErrorMs === 0) return undefined;
    const { text } = request.credential;
    // What could not be renewed may still be good.
    const good = this.#verified.find(text, this.#parts.clock.nowMs());
    if (good !== undefined) return good;
    if (!this.#introspection.isShared(request)) return this.#verified.useStale(text, this.#parts.clock.nowMs());
    const verified = await this.#introspection.findStale(request);
    // What was forgotten here since the request began may not be marked in the store yet.
    if (verified === undefined || this.#epochs.isStale(verified.identity.instanceId, epoch)) return undefined;
    this.#keep(text, verified, epoch);
    return this.#verified.useStale(text, this.#parts.clock.nowMs());
  }

  #onRefused(token: string, { instanceId }: UnverifiedClaims): void {
    this.#verified.delete(token);
    this.#parts.limiter.noteRefused(instanceId?.toLowerCase() ?? '');
  }

  #admitted<Answer>(
    lane: 'introspection' | 'reverification',
    { instanceId }: UnverifiedClaims,
    introspect: () => Promise<Answer>,
  ): Promise<Answer> {
    return lane === 'reverification' ? introspect() : this.#parts.limiter.run(instanceId?.toLowerCase(), introspect);
  }

  #keep(token: string, { identity, requestedAtMs }: VerifiedIdentity, epoch: number): void {
    this.#parts.presented.remember(this.#parts.known.add(identity), token);
    if (this.#epochs.isStale(identity.instanceId, epoch)) return;
    this.#parts.recent.note(identity.instanceId);
    const { ttlMs, staleIfErrorMs } = this.#settings;
    const untilMs = trustedUntilMs(identity, requestedAtMs, ttlMs);
    // Renewing does not make it last longer once its own expiry is what ends it.
    const isRenewable = untilMs < identity.expiresAt.getTime();
    this.#verified.keep(token, identity, untilMs, {
      staleUntilMs: trustedUntilMs(identity, requestedAtMs, ttlMs + staleIfErrorMs),
      ...(isRenewable && { renewFromMs: requestedAtMs + this.#renewAfterMs }),
    });
  }

  /** How old what is in use gets before it is renewed. */
  get #renewAfterMs(): number {
    return RENEW_AFTER * this.#settings.ttlMs;
  }

  // A refusal names no installation, so whatever was forgotten meanwhile may have been what it was about.
  #rememberRefusal(token: string, error: unknown, epoch: number, requestedAtMs: number): void {
    if (this.#epochs.now() !== epoch) return;
    this.#refused.remember(token, error, requestedAtMs + this.#settings.rejectedTtlMs);
  }

  #refuseOversized(text: string): void {
    if (text.length > this.#settings.maxCredentialBytes) {
      throw new WixCredentialsMalformedError(
        `The credential is longer than ${String(this.#settings.maxCredentialBytes)} bytes (verification.maxCredentialBytes).`,
      );
    }
  }
}

const trustedUntilMs = ({ expiresAt }: AnyWixIdentity, verifiedAtMs: number, forMs: number): number =>
  Math.min(expiresAt.getTime(), verifiedAtMs + forMs);

function kindOf(text: string): 'access-token' | 'signed-instance' | 'unreadable' {
  try {
    return readCredential(text).kind;
  } catch {
    return 'unreadable';
  }
}
