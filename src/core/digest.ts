import { createHash, createHmac, hash, timingSafeEqual, type BinaryLike, type KeyObject } from 'node:crypto';

/** The SHA-256 of a text or bytes. */
export const sha256Of = (content: BinaryLike): Buffer => createHash('sha256').update(content).digest();

/** The same in base64url: a name for a secret, from which the secret cannot be found again. */
export const digestOf = (text: string): string => hash('sha256', text, 'base64url');

/** The HMAC-SHA256 of a text under a key. */
export const hmacOf = (key: KeyObject | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

/**
 * Whether what was received is what is expected. Compared as bytes and in constant time: a string comparison would tell
 * an attacker how much matched.
 */
export const isSame = (expected: Buffer, received: Buffer): boolean =>
  expected.length === received.length && timingSafeEqual(expected, received);

/** Whether `signature` is the HMAC-SHA256 of the text under one of the keys. */
export const isSignedWith = (keys: readonly KeyObject[], text: string, signature: Buffer): boolean =>
  keys.some((key) => isSame(hmacOf(key, text), signature));
