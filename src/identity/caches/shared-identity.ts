import { isJsonObject, numberOf, textOf, type JsonObject } from '../../core/values/json.js';
import { frozenWithOwnDates } from '../../core/values/own-dates.js';
import type { AnyWixIdentity, WixIdentityBase } from '../../core/identities/wix-identity.js';
import { instanceIdFromWix, isGuid } from '../../core/identities/wix-instance-id.js';

/** An identity, and when Wix was asked about it. */
export interface VerifiedIdentity {
  readonly identity: AnyWixIdentity;
  readonly requestedAtMs: number;
}

/** An access token's identity as shared with other processes: everything but the token. */
export const sharedFrom = ({ identity, requestedAtMs }: VerifiedIdentity): JsonObject => ({
  ...identity,
  expiresAtMs: identity.expiresAt.getTime(),
  issuedAtMs: identity.issuedAt?.getTime(),
  requestedAtMs,
});

/** The identity that another process shared, or `undefined` when this version does not know its form. */
export function sharedIn(entry: unknown, appId: string, nowMs: number): VerifiedIdentity | undefined {
  if (!isJsonObject(entry)) return undefined;
  const base = baseIn(entry, appId);
  const requestedAtMs = numberOf(entry, 'requestedAtMs');
  const identity = base && identityIn(entry, base);
  // The other process's clock may be ahead.
  return identity === undefined || requestedAtMs === undefined
    ? undefined
    : { identity, requestedAtMs: Math.min(requestedAtMs, nowMs) };
}

function baseIn(entry: JsonObject, appId: string): WixIdentityBase | undefined {
  const instanceId = textOf(entry, 'instanceId');
  const siteId = textOf(entry, 'siteId');
  const vendorProductId = textOf(entry, 'vendorProductId');
  const expiresAtMs = numberOf(entry, 'expiresAtMs');
  const issuedAtMs = numberOf(entry, 'issuedAtMs');
  if (instanceId === undefined || !isGuid(instanceId) || !isMoment(expiresAtMs)) return undefined;
  return {
    appId,
    instanceId: instanceIdFromWix(instanceId),
    ...(siteId !== undefined && { siteId }),
    ...(vendorProductId !== undefined && { vendorProductId }),
    ...(isMoment(issuedAtMs) && { issuedAt: new Date(issuedAtMs) }),
    credentialType: 'access-token',
    expiresAt: new Date(expiresAtMs),
  };
}

function identityIn(entry: JsonObject, base: WixIdentityBase): AnyWixIdentity | undefined {
  const { type } = entry;
  const userId = textOf(entry, 'userId');
  const memberId = textOf(entry, 'memberId');
  const visitorId = textOf(entry, 'visitorId');
  if (type === 'app') return frozenWithOwnDates({ type, ...base });
  if (type === 'user' && userId !== undefined) {
    return frozenWithOwnDates({ type, ...base, userId, isSiteOwner: entry['isSiteOwner'] === true });
  }
  if (type === 'member' && memberId !== undefined) return frozenWithOwnDates({ type, ...base, memberId });
  return type === 'visitor' && visitorId !== undefined ? frozenWithOwnDates({ type, ...base, visitorId }) : undefined;
}

const LAST_MS = 8.64e15;

const isMoment = (ms: number | undefined): ms is number => ms !== undefined && Math.abs(ms) <= LAST_MS;
