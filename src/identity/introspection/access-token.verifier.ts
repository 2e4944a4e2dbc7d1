import type { WixClock } from '../../core/clock.js';
import { frozenWithOwnDates } from '../../core/values/own-dates.js';
import {
  WixCredentialsExpiredError,
  WixCredentialsMalformedError,
  WixCredentialsRejectedError,
  WixCredentialsWrongAppError,
} from '../../core/wix-auth.errors.js';
import type { AnyWixIdentity, WixIdentityBase } from '../../core/identities/wix-identity.js';
import { instanceIdFromWix } from '../../core/identities/wix-instance-id.js';
import type { AccessTokenCredential } from '../credential.js';
import type { ForeignCredentials } from './foreign-credentials.js';
import { readUnverifiedClaims, type UnverifiedClaims } from './unverified-claims.js';
import type { TokenInfo, TokenInfoEndpoint, TokenTraffic } from './token-info.endpoint.js';

/** Verifies access tokens by asking Wix, and refuses those that need no request. */
export class AccessTokenVerifier {
  readonly #endpoint: TokenInfoEndpoint;
  readonly #clock: WixClock;
  readonly #appId: string;
  readonly #foreign: ForeignCredentials | undefined;

  constructor(endpoint: TokenInfoEndpoint, clock: WixClock, appId: string, foreign?: ForeignCredentials) {
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.#appId = appId;
    this.#foreign = foreign;
  }

  /**
   * Refuses what Wix need not be asked about: unreadable, past its own expiry, or naming another app. Passing says
   * nothing: the payload is unverified.
   */
  rejectEarly(credential: AccessTokenCredential): UnverifiedClaims {
    const unverifiedClaims = readUnverifiedClaims(credential.payload);
    if (unverifiedClaims === undefined) throw new WixCredentialsMalformedError('The access token cannot be decoded.');
    if (unverifiedClaims.exp !== undefined) this.#refuseExpired(unverifiedClaims.exp);
    if (unverifiedClaims.appDefId !== undefined) this.#refuseForeign(unverifiedClaims.appDefId);
    return unverifiedClaims;
  }

  /** Refuses when a request would not be sent now. @throws {@link WixUnavailableError} */
  refuseEarly(traffic: TokenTraffic): void {
    this.#endpoint.refuseEarly(traffic);
  }

  /** Whether there is room to ask about a token that is good still. */
  get hasRoomToSpare(): boolean {
    return this.#endpoint.hasRoomToSpare;
  }

  /** Asks Wix about a token. */
  async verify(
    credential: AccessTokenCredential,
    unverifiedClaims: UnverifiedClaims,
    lane: TokenTraffic['lane'],
  ): Promise<AnyWixIdentity> {
    const { instanceId } = unverifiedClaims;
    const info = await this.#endpoint.describe(credential.text, { lane, instanceId: instanceId?.toLowerCase() });
    if (info === 'inactive') throw new WixCredentialsRejectedError('Wix does not accept this access token.');
    this.#refuseForeign(info.clientId);
    this.#refuseExpired(info.exp);
    return identityFrom(info, this.#appId, isOwner(info, unverifiedClaims));
  }

  #refuseExpired(expS: number): void {
    if (expS * 1_000 <= this.#clock.nowMs()) throw new WixCredentialsExpiredError('The access token has expired.');
  }

  #refuseForeign(appId: string | undefined): void {
    if (appId?.toLowerCase() !== this.#appId.toLowerCase()) {
      this.#foreign?.report(appId);
      throw new WixCredentialsWrongAppError('The access token was not issued for this app.');
    }
  }
}

function identityFrom(info: TokenInfo, appId: string, isSiteOwner: boolean): AnyWixIdentity {
  const { subjectType, subjectId } = info;
  const base = baseFrom(info, appId);
  if (subjectType === 'APP') return frozenWithOwnDates({ type: 'app', ...base });
  if (subjectId === undefined) throw new WixCredentialsRejectedError('The access token names no subject.');
  if (subjectType === 'USER') return frozenWithOwnDates({ type: 'user', ...base, userId: subjectId, isSiteOwner });
  if (subjectType === 'MEMBER') return frozenWithOwnDates({ type: 'member', ...base, memberId: subjectId });
  if (subjectType === 'VISITOR') return frozenWithOwnDates({ type: 'visitor', ...base, visitorId: subjectId });
  throw new WixCredentialsRejectedError('The access token belongs to an unknown kind of caller.');
}

function baseFrom({ instanceId, siteId, vendorProductId, exp, iat }: TokenInfo, appId: string): WixIdentityBase {
  if (instanceId === undefined) {
    throw new WixCredentialsRejectedError('The access token belongs to no installation of this app on a site.');
  }
  return {
    appId,
    instanceId: instanceIdFromWix(instanceId),
    ...(siteId !== undefined && { siteId }),
    ...(vendorProductId !== undefined && { vendorProductId, ...issuedAt(iat) }),
    credentialType: 'access-token',
    expiresAt: new Date(exp * 1_000),
  };
}

// An invalid date counts as absent.
const issuedAt = (iatS = NaN): Pick<WixIdentityBase, 'issuedAt'> => {
  const date = new Date(iatS * 1_000);
  return Number.isNaN(date.getTime()) ? {} : { issuedAt: date };
};

// Token-info does not tell the owner. The token's own payload does, and may be believed once Wix has called this very
// token active and says the same of everything the two have in common.
function isOwner(info: TokenInfo, unverifiedClaims: UnverifiedClaims): boolean {
  const agrees =
    unverifiedClaims.exp === info.exp &&
    unverifiedClaims.uid !== undefined &&
    unverifiedClaims.uid === info.subjectId &&
    sameId(unverifiedClaims.instanceId, info.instanceId) &&
    sameId(unverifiedClaims.appDefId, info.clientId);
  return agrees && unverifiedClaims.uid === unverifiedClaims.siteOwnerId;
}

const sameId = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && one.toLowerCase() === other?.toLowerCase();
