import { verify as verifySignature, type KeyObject } from 'node:crypto';

import type { WixClock } from '../core/clock.js';
import { isJsonObject, parseJson, type JsonObject } from '../core/values/json.js';
import {
  WixCredentialsExpiredError,
  WixCredentialsMalformedError,
  WixCredentialsRejectedError,
  WixCredentialsWrongAppError,
} from '../core/wix-auth.errors.js';

const ISSUER = 'wix.com';
/** How far clocks may disagree. */
export const SKEW_MS = 60_000;

/** What is asked of a token beyond its signature. */
export interface SignedTokenRules {
  /**
   * Milliseconds after `iat` from which a token is too old; `Infinity` leaves that to `exp`, and `'any'` accepts it
   * however old it is, since it was checked before.
   */
  readonly maxAgeMs: number | 'any';
  /** Claims that must be there. `iss` and `aud` must be right whenever they are. */
  readonly required: readonly ('iss' | 'aud' | 'exp')[];
}

/**
 * Verifies what Wix signs for one app with RS256: webhooks, service plugin requests and digests. The algorithm is
 * never taken from the token. Clocks may disagree by a minute.
 */
export class SignedTokenVerifier {
  /** The app all tokens must be meant for. */
  readonly appId: string;
  readonly #keys: readonly KeyObject[];
  readonly #clock: WixClock;

  /** @param publicKeys the app's public keys, parsed; several while one is being rotated. */
  constructor(publicKeys: readonly KeyObject[], appId: string, clock: WixClock) {
    this.#keys = publicKeys;
    this.appId = appId.toLowerCase();
    this.#clock = clock;
  }

  /** Whether there is any key to verify with. */
  get hasKeys(): boolean {
    return this.#keys.length > 0;
  }

  /**
   * The claims of a compact token.
   *
   * @throws {@link WixCredentialsRejectedError}: not signed by Wix for this app, or not by the issuer Wix.
   * @throws {@link WixCredentialsExpiredError}: too old. {@link WixCredentialsWrongAppError}: meant for another app.
   * @throws {@link WixCredentialsMalformedError}: signed, but a claim is missing, unreadable or in the future.
   */
  verify(token: string, rules: SignedTokenRules): JsonObject {
    const claims = this.#signedClaims(token);
    const nowMs = this.#clock.nowMs();
    requireClaims(claims, rules.required);
    refuseByTime(claims, nowMs, rules.maxAgeMs);
    this.#refuseByParties(claims);
    return claims;
  }

  #signedClaims(token: string): JsonObject {
    for (const key of this.#keys) {
      const signed = signedWith(key, token);
      if (signed !== undefined) return understood(signed);
    }
    throw notSigned();
  }

  #refuseByParties(claims: JsonObject): void {
    const issuer = claims['iss'] ?? undefined;
    if (issuer !== undefined && issuer !== ISSUER) {
      throw new WixCredentialsRejectedError(`The token's issuer (iss) is not ${ISSUER}.`);
    }
    const audience = claims['aud'] ?? undefined;
    if (audience !== undefined && !this.#isMeantBy(audience)) {
      throw new WixCredentialsWrongAppError('The token was signed for another app (aud).');
    }
  }

  #isMeantBy(audience: unknown): boolean {
    return [audience].flat().some((one) => typeof one === 'string' && one.toLowerCase() === this.appId);
  }
}

// Three parts of base64url. Anything else costs no more than this check.
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** The token's parts, still unread, if this key signed them: nothing is parsed that Wix has not signed. */
function signedWith(key: KeyObject, token: string): readonly [header: string, payload: string] | undefined {
  if (!COMPACT.test(token)) return undefined;
  const [end, signed] = [token.indexOf('.'), token.lastIndexOf('.')];
  const signature = Buffer.from(token.slice(signed + 1), 'base64url');
  // Before anything is hashed, which takes long for a large body.
  if (signature.length * 8 !== key.asymmetricKeyDetails?.modulusLength) return undefined;
  const isGood = verifySignature('RSA-SHA256', Buffer.from(token.slice(0, signed), 'latin1'), key, signature);
  return isGood ? [token.slice(0, end), token.slice(end + 1, signed)] : undefined;
}

// `crit` lists extensions a reader must understand (RFC 7515, 4.1.11). Wix uses none, and neither do we.
function understood([headerPart, payloadPart]: readonly [string, string]): JsonObject {
  const [header, payload] = [jsonIn(headerPart), jsonIn(payloadPart)];
  if (!isJsonObject(header) || header['alg'] !== 'RS256') throw notSigned();
  if (header['crit'] === undefined && isJsonObject(payload)) return payload;
  throw new WixCredentialsMalformedError(
    'The signed token does not hold a JSON object, or asks for extensions (crit).',
  );
}

const jsonIn = (part: string): unknown => parseJson(Buffer.from(part, 'base64url').toString('utf8'));

const notSigned = (): WixCredentialsRejectedError =>
  new WixCredentialsRejectedError(
    'This is not an RS256 token signed by Wix for this app. If Wix did send it, compare publicKey with the app dashboard (Webhooks page).',
  );

function requireClaims(claims: JsonObject, required: SignedTokenRules['required']): void {
  const missing = required.filter((name) => (claims[name] ?? undefined) === undefined);
  if (missing.length > 0) {
    throw new WixCredentialsMalformedError(`The signed token lacks ${missing.join(' and ')}.`);
  }
}

function refuseByTime(claims: JsonObject, nowMs: number, maxAgeMs: SignedTokenRules['maxAgeMs']): void {
  const issuedAtMs = momentOf(claims, 'iat');
  const notBeforeMs = momentOf(claims, 'nbf') ?? issuedAtMs;
  if (issuedAtMs === undefined || notBeforeMs === undefined) {
    throw new WixCredentialsMalformedError('The signed token does not say when it was issued (iat).');
  }
  if (Math.max(issuedAtMs, notBeforeMs) > nowMs + SKEW_MS) {
    throw new WixCredentialsMalformedError(
      'The signed token is dated in the future (iat, nbf). Is the clock of this server behind?',
    );
  }
  if (maxAgeMs !== 'any' && acceptedUntilMs(claims, maxAgeMs) <= nowMs) {
    throw new WixCredentialsExpiredError('The signed token is too old (iat, exp).');
  }
}

/** The moment from which a verified token is too old, a minute for clocks that disagree included. */
export function acceptedUntilMs(claims: JsonObject, maxAgeMs: number): number {
  const expiresAtMs = momentOf(claims, 'exp') ?? Infinity;
  return Math.min(expiresAtMs, (momentOf(claims, 'iat') ?? 0) + maxAgeMs) + SKEW_MS;
}

/** A date claim in milliseconds. One that is there and unreadable must not count as absent. */
function momentOf(claims: JsonObject, name: 'iat' | 'nbf' | 'exp'): number | undefined {
  if ((claims[name] ?? undefined) === undefined) return undefined;
  const seconds = claims[name];
  if (typeof seconds !== 'number' || !Number.isFinite(seconds))
    throw new WixCredentialsMalformedError(`The signed token has an unreadable ${name}.`);
  return seconds * 1_000;
}
