import { isJsonObject, numberOf, objectOf, parseJson, textOf, type JsonObject } from '../../core/values/json.js';

/** The claims in an access token's payload: unverified, because only Wix has the key. */
export interface UnverifiedClaims {
  /** Seconds since the epoch. */
  readonly exp: number | undefined;
  readonly appDefId: string | undefined;
  readonly instanceId: string | undefined;
  readonly uid: string | undefined;
  readonly siteOwnerId: string | undefined;
}

/** Decodes a payload; `undefined` when it is not one: then the text cannot be a token. */
export function readUnverifiedClaims(payload: string): UnverifiedClaims | undefined {
  const claims = parseJson(Buffer.from(payload, 'base64url').toString('utf8'));
  if (!isJsonObject(claims)) return undefined;
  const instance = instanceIn(claims);
  return {
    exp: numberOf(claims, 'exp'),
    appDefId: textOf(instance, 'appDefId'),
    instanceId: textOf(instance, 'instanceId'),
    uid: textOf(instance, 'uid'),
    siteOwnerId: textOf(instance, 'siteOwnerId'),
  };
}

function instanceIn(claims: JsonObject): JsonObject {
  const data = typeof claims['data'] === 'string' ? parseJson(claims['data']) : claims['data'];
  return isJsonObject(data) ? objectOf(data, 'instance') : {};
}
