import { createHmac } from 'node:crypto';

import { APP_ID, INSTANCE_TEXT, SITE_ID } from './app.js';

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The part of an access token that tells whose it is, as it was seen on the wire. */
export interface InstanceClaims {
  readonly instanceId?: string;
  readonly appDefId?: string;
  readonly uid?: string;
  readonly siteOwnerId?: string;
}

/**
 * An access token as Wix writes them: `OauthNG.JWS.` and a JWT whose `data` is JSON in a string. `exp` in seconds.
 * The signature is invented, because only Wix can check it.
 */
export function accessToken(exp: number, claims: InstanceClaims = {}, signature = 'c2lnbmF0dXJl'): string {
  const instance = { instanceId: INSTANCE_TEXT, appDefId: APP_ID, metaSiteId: SITE_ID, ...claims };
  return rawToken({ data: JSON.stringify({ instance }), iat: exp - 14_400, exp }, signature);
}

/** An access token around any payload. */
export const rawToken = (payload: unknown, signature = 'c2lnbmF0dXJl'): string =>
  `OauthNG.JWS.${encoded({ kid: 'aBcDeFgH', alg: 'HS256' })}.${encoded(payload)}.${signature}`;

/** A signed instance: the HMAC of the encoded JSON, a dot, the encoded JSON. */
export const signedInstance = (secret: string, claims: unknown): string =>
  signedData(secret, Buffer.from(typeof claims === 'string' ? claims : JSON.stringify(claims)).toString('base64url'));

/** A signed instance around data that is encoded already. */
export const signedData = (secret: string, data: string): string =>
  `${createHmac('sha256', secret).update(data).digest('base64url')}.${data}`;
