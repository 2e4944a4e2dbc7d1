import { createHash, timingSafeEqual } from 'node:crypto';

import { isJsonObject, objectOf, textOf } from '../core/values/json.js';
import type { KnownInstances } from '../core/identities/known-instances.js';
import {
  WixCredentialsMissingError,
  WixCredentialsRejectedError,
  WixMisconfiguredError,
} from '../core/wix-auth.errors.js';
import { readServicePluginCall, type WixServicePluginCall } from './service-plugins/service-plugin-call.js';
import type { WixServicePluginMethod } from './service-plugins/service-plugin-definition.js';
import type { SignedTokenVerifier } from './signed-token.verifier.js';

const SERVICE_PLUGIN = { maxAgeMs: 60_000, required: ['iss', 'aud', 'exp'] } as const;
const DIGEST_MAX_AGE_MS = 300_000;

/** How requests with a `digest` header are accepted. */
export interface WixDigestOptions {
  /**
   * Milliseconds after it was signed from which a digest is too old, whatever its own expiration says; a minute more for
   * clocks that disagree. Until then, whoever captured the request can send it again.
   *
   * @default 300_000
   */
  readonly maxAgeMs?: number | undefined;
}

/** Verifies requests that Wix signs for an app and that are no webhooks. The guards use it. */
export class WixSignedRequestService {
  readonly #verifier: SignedTokenVerifier;
  readonly #known: KnownInstances;
  readonly #maxDepth: number;

  constructor(verifier: SignedTokenVerifier, known: KnownInstances, { maxDepth }: { readonly maxDepth: number }) {
    this.#verifier = verifier;
    this.#known = known;
    this.#maxDepth = maxDepth;
  }

  /**
   * The service plugin request in a body: a token that is not older than a minute (and one more for clocks that
   * disagree) and names Wix as its issuer and the app as its audience. Within that time whoever captured the request can
   * send it again, so a method that changes something should bear that.
   *
   * @throws {@link WixAuthError}: a subclass that says why the body is none; {@link WixEventTooDeepError} when it is nested
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
   * It says nothing about the path, the query or other headers, and may be sent again as long as it is accepted: what a
   * replay must not do twice needs a key of its own.
   *
   * @param digest the header, with or without `JWT=` in front.
   * @throws {@link WixAuthError}: a subclass that says why it was not.
   * @throws {@link WixMisconfiguredError} when the module has no `publicKey`.
   */
  verifyDigest(digest: string | undefined, rawBody: Uint8Array, { maxAgeMs }: WixDigestOptions = {}): void {
    this.#requireKeys();
    if (digest === undefined) throw new WixCredentialsMissingError('The request has no digest header.');
    const claims = this.#verifier.verify(digest.trim().replace(/^JWT=/i, ''), {
      maxAgeMs: maxAgeMs ?? DIGEST_MAX_AGE_MS,
      required: ['exp'],
    });
    if (!isHashOf(rawBody, textOf(objectOf(claims, 'data'), 'SHA256') ?? '')) {
      throw new WixCredentialsRejectedError('The digest header was signed for another body.');
    }
  }

  #requireKeys(): void {
    if (this.#verifier.hasKeys) return;
    throw new WixMisconfiguredError(
      'Signed requests cannot be verified: give WixAuthModule the publicKey from the app dashboard (Webhooks page).',
    );
  }
}

function isHashOf(bytes: Uint8Array, hex: string): boolean {
  const received = Buffer.from(hex, 'hex');
  const expected = createHash('sha256').update(bytes).digest();
  return received.length === expected.length && timingSafeEqual(received, expected);
}
