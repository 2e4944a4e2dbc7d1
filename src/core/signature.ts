import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';

/** Whether `signature` is the HMAC-SHA256 of the text under one of the keys. */
export function isSignedWith(keys: readonly KeyObject[], text: string, signature: Buffer): boolean {
  return keys.some((key) => equalBytes(createHmac('sha256', key).update(text).digest(), signature));
}

// Compared as bytes and in constant time: a string comparison would tell an attacker how much matched.
function equalBytes(expected: Buffer, received: Buffer): boolean {
  return expected.length === received.length && timingSafeEqual(expected, received);
}
