import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** Compact tokens made by hand, good and bad. */
const encoded = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export const keyPair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

export const rs256 = (claims: unknown, key: KeyObject, header: object = {}): string =>
  rsaSigned('sha256', { alg: 'RS256', ...header }, claims, key);

export const rs512 = (claims: unknown, key: KeyObject): string => rsaSigned('sha512', { alg: 'RS512' }, claims, key);

function rsaSigned(hash: string, header: object, claims: unknown, key: KeyObject): string {
  const input = `${encoded({ kid: 'abcdefgh', ...header })}.${encoded(claims)}`;
  return `${input}.${sign(hash, Buffer.from(input), key).toString('base64url')}`;
}

export function hs256(claims: unknown, secret: string | Buffer): string {
  const input = `${encoded({ alg: 'HS256' })}.${encoded(claims)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

export const unsigned = (claims: unknown): string => `${encoded({ alg: 'none' })}.${encoded(claims)}.`;
