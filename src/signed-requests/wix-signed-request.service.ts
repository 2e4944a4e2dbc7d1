import type { WixClock } from '../core/clock.js';
import { digestOf, isSame, sha256Of } from '../core/digest.js';
import { isJsonObject, objectOf, textOf } from '../core/values/json.js';
import type { KnownInstances } from '../core/identities/known-instances.js';
import {
  WixCredentialsMissingError,
  WixCredentialsRejectedError,
  WixMisconfiguredError,
} from '../core/wix-auth.errors.js';
import { readServicePluginCall, type WixServicePluginCall } from './service-plugins/service-plugin-call.js';
import type { WixServicePluginMethod } from './service-plugins/service-plugin-definition.js';
import { notAnswered } from './bodies/request-exceptions.js';
import type { DigestClaim, DigestClaims, VerifiedDigest } from './digest-claims.js';
import type { SignedDecisions } from './signed-decisions.js';
import { acceptedUntilMs, SKEW_MS, type SignedTokenVerifier } from './signed-token.verifier.js';

const SERVICE_PLUGIN = { maxAgeMs: 60_000, required: ['iss', 'aud', 'exp'] } as const;
const DIGEST_MAX_AGE_MS = 300_000;

/** How requests with a `digest` header are accepted. */
export interface WixDigestOptions {
  /**
   * Milliseconds after it was signed from which a digest is too old, whatever its own expiration says; a minute more for
   * clocks that disagree. Until then, an attacker who captured the request can send it again.
   *
   * @default 300_000
   */
  readonly maxAgeMs?: number | undefined;
  /**
   * Whether each digest counts once, in all processes that share an {@link EventLedger} (with Redis behind `cache`
   * they do): once a handler has answered it, 401; while one is at it, or the ledger fails, 503. A digest whose
   * handler failed may be sent again. Two requests with the same body, signed by Wix in the same second, are one.
   *
   * @default false
   */
  readonly once?: boolean | undefined;
}

/** What the service works with. */
export interface SignedRequestParts {
  readonly verifier: SignedTokenVerifier;
  readonly known: KnownInstances;
  readonly claims: DigestClaims;
  readonly decisions: SignedDecisions;
  readonly clock: WixClock;
}

/** Verifies requests that Wix signs for an app and that are no webhooks. The guards use it. */
export class WixSignedRequestService {
  /** @internal */
  readonly decisions: SignedDecisions;
  readonly #verifier: SignedTokenVerifier;
  readonly #known: KnownInstances;
  readonly #claims: DigestClaims;
  readonly #clock: WixClock;
  readonly #maxDepth: number;

  constructor(
    { verifier, known, claims, decisions, clock }: SignedRequestParts,
    { maxDepth }: { readonly maxDepth: number },
  ) {
    this.decisions = decisions;
    this.#verifier = verifier;
    this.#known = known;
    this.#claims = claims;
    this.#clock = clock;
    this.#maxDepth = maxDepth;
  }

  /**
   * The service plugin request in a body: a token that is not older than a minute (and one more for clocks that
   * disagree) and names Wix as its issuer and the app as its audience. Within that time an attacker who captured the request can
   * send it again, so a method that changes something should bear that.
   *
   * @throws {@link WixAuthError}: a subclass that says why the body is not one; {@link WixEventTooDeepError} when it is nested
   * deeper than `webhooks.maxDepth`.
   * @throws {@link WixMisconfiguredError} when the module has no `publicKey`.
   */
  servicePluginCall(rawBody: Uint8Array | string): WixServicePluginCall {
    this.#requireKeys();
    const token = Buffer.from(rawBody).toString('latin1').trim();
    const call = readServicePluginCall(this.#verifier.verify(token, SERVICE_PLUGIN), this.#maxDepth);
    this.#known.add(call.metadata);
    return this.#known.addAs(call, call.metadata.instanceId);
  }

  /** A verified call in the form of the `@wix/*` package that defines the method; opens the site as the call does. */
  payloadOf(call: WixServicePluginCall, { transformations }: WixServicePluginMethod): object {
    // A copy: the packages' transformations write into what they are given.
    const payload = transformations.fromREST(structuredClone(call));
    return this.#known.addAs(isJsonObject(payload) ? payload : {}, call.metadata.instanceId);
  }

  /**
   * Checks that a `digest` header was signed for exactly these bytes
   * (https://dev.wix.com/docs/build-apps/develop-your-app/auth/verify-requests-received-from-wix).
   * It says nothing about the path, the query or other headers, and may be sent again as long as it is accepted:
   * {@link WixDigest} can make it count once.
   *
   * @param digest the header, with or without `JWT=` in front.
   * @throws {@link WixAuthError}: a subclass that says why it was not.
   * @throws {@link WixMisconfiguredError} when the module has no `publicKey`.
   */
  verifyDigest(digest: string | undefined, rawBody: Uint8Array, options: WixDigestOptions = {}): void {
    this.verifiedDigest(digest, rawBody, options);
  }

  /** @internal */
  verifiedDigest(
    digest: string | undefined,
    rawBody: Uint8Array,
    { maxAgeMs = DIGEST_MAX_AGE_MS }: WixDigestOptions,
  ): VerifiedDigest {
    this.#requireKeys();
    if (digest === undefined) throw new WixCredentialsMissingError('The request has no digest header.');
    const token = digest.trim().replace(/^JWT=/i, '');
    const claims = this.#verifier.verify(token, { maxAgeMs, required: ['exp'] });
    if (!isHashOf(rawBody, textOf(objectOf(claims, 'data'), 'SHA256') ?? '')) {
      throw new WixCredentialsRejectedError('The digest header was signed for another body.');
    }
    const acceptedForMs = acceptedUntilMs(claims, maxAgeMs) - this.#clock.nowMs();
    return { key: digestKey(this.#verifier.appId, token), acceptedForMs };
  }

  /**
   * Claims a verified digest for the handler that is about to run.
   *
   * @throws {@link WixCredentialsRejectedError}: it was used. 503 as Nest's exception: that is not known yet.
   * @internal
   */
  async claimDigest({ key, acceptedForMs }: VerifiedDigest): Promise<DigestClaim> {
    const taken = await this.#claims.take(key, acceptedForMs + SKEW_MS);
    if (taken === 'done') throw new WixCredentialsRejectedError('The digest header was used before.');
    if (taken === 'in-progress' || taken === 'unavailable') throw notAnswered();
    return taken;
  }

  #requireKeys(): void {
    if (this.#verifier.hasKeys) return;
    throw new WixMisconfiguredError(
      'Signed requests cannot be verified: give WixAuthModule the publicKey from the app dashboard (Webhooks page).',
    );
  }
}

// What is signed: the signature may be spelled in several ways.
const digestKey = (appId: string, token: string): string =>
  digestOf(JSON.stringify(['digest', appId, token.slice(0, token.lastIndexOf('.'))]));

const isHashOf = (bytes: Uint8Array, hex: string): boolean => isSame(sha256Of(bytes), Buffer.from(hex, 'hex'));
