import { createHmac, generateKeyPairSync, sign } from 'node:crypto';

import type { EmulatedApp } from '../world/emulated-app.js';

/**
 * What may be wrong with a signed request: signed with `another-key`, not signed (`alg-none`), signed by `hs256` with the
 * public key as secret, issued four days ago (`stale`), `expired`, dated an hour ahead (`future`), or signed for
 * `another-app` or by `another-issuer`.
 */
export type Forgery =
  'another-key' | 'alg-none' | 'hs256' | 'stale' | 'expired' | 'future' | 'another-app' | 'another-issuer';

/** What a compact token says. */
export type Claims = Readonly<Record<string, unknown>>;

const HOUR_S = 3_600;

/** A compact RS256 token as Wix signs them for an app, or a forged one. */
export function signedToken(app: EmulatedApp, claims: Claims, forgery?: Forgery): string {
  switch (forgery) {
    case 'alg-none':
      return `${head('none')}.${encoded(claims)}.`;
    case 'hs256':
      return joined(head('HS256'), claims, (text) => createHmac('sha256', app.publicKey).update(text).digest());
    case 'another-key':
      return rs256(strangersKey(), claims);
    default:
      return rs256(app.privateKey, { ...claims, ...wrongClaims(claims, forgery) });
  }
}

function wrongClaims(claims: Claims, forgery: Forgery | undefined): Claims {
  const iat = Number(claims['iat']);
  switch (forgery) {
    case 'stale':
      return { iat: iat - 96 * HOUR_S };
    case 'expired':
      return { iat: iat - 2 * HOUR_S, exp: iat - HOUR_S };
    case 'future':
      return { iat: iat + HOUR_S, nbf: iat + HOUR_S, exp: iat + 2 * HOUR_S };
    case 'another-app':
      return { iss: 'wix.com', aud: '00000000-0000-4000-8000-000000000000' };
    case 'another-issuer':
      return { iss: 'example.com' };
    default:
      return {};
  }
}

const rs256 = (key: string, claims: Claims): string =>
  joined(head('RS256'), claims, (text) => sign('sha256', Buffer.from(text), key));

function joined(header: string, claims: Claims, signatureOf: (text: string) => Buffer): string {
  const text = `${header}.${encoded(claims)}`;
  return `${text}.${signatureOf(text).toString('base64url')}`;
}

// As seen on real tokens: a key id of eight characters, and no `typ`.
const head = (alg: string): string => encoded({ kid: 'qG1kD2dz', alg });
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const strangersKey = (): string =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
