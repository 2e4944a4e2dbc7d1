import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** Compact tokens made by hand, good and bad. */
const encoded = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export const keyPair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

export function rs256(claims: unknown, key: KeyObject, header: object = {}): string {
  const input = `${encoded({ kid: 'abcdefgh', alg: 'RS256', ...header })}.${encoded(claims)}`;
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
}

export function hs256(claims: unknown, secret: string | Buffer): string {
  const input = `${encoded({ alg: 'HS256' })}.${encoded(claims)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

export const unsigned = (claims: unknown): string => `${encoded({ alg: 'none' })}.${encoded(claims)}.`;
