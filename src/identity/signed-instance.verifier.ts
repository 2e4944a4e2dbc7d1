import type { AppCredentials } from '../core/app-credentials.js';
import type { WixClock } from '../core/clock.js';
import { isJsonObject, parseJson, textOf, type JsonObject } from '../core/values/json.js';
import { isSignedWith } from '../core/digest.js';
import { frozenWithOwnDates } from '../core/values/own-dates.js';
import {
  WixCredentialsExpiredError,
  WixCredentialsMalformedError,
  WixCredentialsRejectedError,
  WixCredentialsWrongAppError,
} from '../core/wix-auth.errors.js';
import type { AnyWixIdentity, WixIdentityBase } from '../core/identities/wix-identity.js';
import { instanceIdFromWix } from '../core/identities/wix-instance-id.js';
import type { SignedInstanceCredential } from './credential.js';

const SKEW_MS = 60_000;

/** What a valid signature proves. */
export interface SignedInstance {
  readonly identity: AnyWixIdentity;
  /** When Wix signed it, in milliseconds since the epoch. */
  readonly signedAtMs: number;
}

/**
 * Verifies signed instances with the app's secret, without asking anyone
 * (https://dev.wix.com/docs/build-apps/develop-your-app/access/app-instances/parse-the-app-instance-query-parameter).
 */
export class SignedInstanceVerifier {
  readonly #app: AppCredentials;
  readonly #clock: WixClock;
  readonly #maxAgeMs: number;

  constructor(app: AppCredentials, clock: WixClock, maxAgeMs: number) {
    this.#app = app;
    this.#clock = clock;
    this.#maxAgeMs = maxAgeMs;
  }

  /** Who a signed instance was made for. Its expiry includes a minute for clocks that disagree. */
  verify({ signature, data }: SignedInstanceCredential): SignedInstance {
    if (!isSignedWith(this.#app.secretKeys, data, Buffer.from(signature, 'base64url'))) {
      throw new WixCredentialsRejectedError('The signature of the signed instance is not made with the app secret.');
    }
    const claims = parseJson(Buffer.from(data, 'base64url').toString('utf8'));
    if (!isJsonObject(claims)) throw new WixCredentialsMalformedError('The signed instance holds no JSON object.');
    return this.#vouchedFor(claims);
  }

  #vouchedFor(claims: JsonObject): SignedInstance {
    this.#refuseForeign(claims);
    const signedAtMs = this.#signedAt(claims);
    const expiresAtMs = this.#bound(claims, signedAtMs) + SKEW_MS;
    if (expiresAtMs <= this.#clock.nowMs()) {
      throw new WixCredentialsExpiredError('The signed instance is too old. Reload the page that sent it.');
    }
    return { identity: identityFrom(claims, this.#app.appId, { signedAtMs, expiresAtMs }), signedAtMs };
  }

  #refuseForeign(claims: JsonObject): void {
    const appDefId = claims['appDefId'] ?? this.#app.appId;
    if (typeof appDefId !== 'string' || appDefId.toLowerCase() !== this.#app.appId.toLowerCase()) {
      throw new WixCredentialsWrongAppError('The signed instance was made for another app.');
    }
  }

  #signedAt(claims: JsonObject): number {
    const signedAtMs = momentOf(claims['signDate']);
    if (signedAtMs === undefined || signedAtMs > this.#clock.nowMs() + SKEW_MS) {
      throw new WixCredentialsMalformedError('The signed instance has no usable signDate.');
    }
    return signedAtMs;
  }

  #bound(claims: JsonObject, signedAtMs: number): number {
    const ageBound = signedAtMs + this.#maxAgeMs;
    const expiration = claims['expirationDate'] ?? undefined;
    if (expiration === undefined) return ageBound;
    const expirationMs = momentOf(expiration);
    if (expirationMs === undefined) {
      throw new WixCredentialsMalformedError('The signed instance has an unreadable expirationDate.');
    }
    return Math.min(expirationMs, ageBound);
  }
}

// Date.parse takes almost anything for a date, and without an offset means the server's own time zone.
const ISO_MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/;
const EPOCH = /^\d{10,13}$/;

// Epoch numbers were seen besides ISO dates; ten digits are seconds.
function momentOf(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return undefined;
  if (EPOCH.test(text)) return epochMs(Number(text));
  const ms = ISO_MOMENT.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

const epochMs = (value: number): number => (value < 1e11 ? value * 1_000 : value);

interface Validity {
  readonly signedAtMs: number;
  readonly expiresAtMs: number;
}

function identityFrom(claims: JsonObject, appId: string, validity: Validity): AnyWixIdentity {
  const base = baseFrom(claims, appId, validity);
  const uid = idIn(claims, 'uid');
  const anonymousId = idIn(claims, 'aid');
  if (anonymousId !== undefined) {
    return uid !== undefined && uid === textOf(claims, 'siteMemberId')
      ? frozenWithOwnDates({ type: 'member', ...base, memberId: uid })
      : frozenWithOwnDates({ type: 'visitor', ...base, visitorId: anonymousId });
  }
  if (uid === undefined) return frozenWithOwnDates({ type: 'visitor', ...base });
  return knownCaller(claims, base, uid);
}

// An id that is there and unreadable must not count as absent: without its `aid`, a visitor would be taken for an owner.
function idIn(claims: JsonObject, name: 'aid' | 'uid'): string | undefined {
  if (typeof (claims[name] ?? '') === 'string') return textOf(claims, name);
  throw new WixCredentialsMalformedError(`The signed instance has an unreadable ${name}.`);
}

// `permissions: OWNER` is given to collaborators too: it makes a user, never an owner.
function knownCaller(claims: JsonObject, base: WixIdentityBase, uid: string): AnyWixIdentity {
  const isSiteOwner = uid === textOf(claims, 'siteOwnerId');
  return isSiteOwner || claims['permissions'] === 'OWNER'
    ? frozenWithOwnDates({ type: 'user', ...base, userId: uid, isSiteOwner })
    : frozenWithOwnDates({ type: 'member', ...base, memberId: uid });
}

function baseFrom(claims: JsonObject, appId: string, { signedAtMs, expiresAtMs }: Validity): WixIdentityBase {
  const instanceId = textOf(claims, 'instanceId');
  if (instanceId === undefined) throw new WixCredentialsMalformedError('The signed instance names no instanceId.');
  const siteId = textOf(claims, 'metaSiteId');
  const vendorProductId = textOf(claims, 'vendorProductId');
  return {
    appId,
    instanceId: instanceIdFromWix(instanceId),
    ...(siteId !== undefined && { siteId }),
    ...(vendorProductId !== undefined && { vendorProductId, issuedAt: new Date(signedAtMs) }),
    credentialType: 'signed-instance',
    expiresAt: new Date(expiresAtMs),
  };
}
