import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';

import { hmacOf } from '../core/digest.js';

const VERSION = 1;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + SALT_BYTES + NONCE_BYTES + TAG_BYTES;
const KEY_BYTES = 32;

const derivedKey = (secret: KeyObject, salt: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, `nestjs-wix-auth/${purpose}`, KEY_BYTES));

/** The key an entry stands under in a store: tells nothing about what it names. */
export const entryKey = (secret: KeyObject, name: string): string =>
  hmacOf(derivedKey(secret, Buffer.alloc(0), 'names/1'), name).toString('base64url');

/**
 * Encrypts a text (AES-256-GCM) with a key of its own, derived from the secret. It opens only under the entry key it
 * was sealed for, so two entries swapped in a store are noticed.
 */
export function seal(secret: KeyObject, key: string, text: string): string {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', derivedKey(secret, salt, 'entry/1'), nonce).setAAD(Buffer.from(key));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), salt, nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** The text sealed for that entry key, or `undefined` when it was altered, swapped, or sealed with another secret. */
export function unseal(secret: KeyObject, key: string, sealed: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  // The last character may have spare bits: of the spellings that mean the same bytes, one counts.
  if (bytes.toString('base64url') !== sealed) return undefined;
  if (bytes.length < HEAD_BYTES || bytes[0] !== VERSION) return undefined;
  try {
    return decrypt(secret, key, bytes.subarray(1));
  } catch {
    return undefined;
  }
}

function decrypt(secret: KeyObject, key: string, bytes: Buffer): string {
  const salt = bytes.subarray(0, SALT_BYTES);
  const nonce = bytes.subarray(SALT_BYTES, SALT_BYTES + NONCE_BYTES);
  const tag = bytes.subarray(SALT_BYTES + NONCE_BYTES, HEAD_BYTES - 1);
  const decipher = createDecipheriv('aes-256-gcm', derivedKey(secret, salt, 'entry/1'), nonce, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(key)).setAuthTag(tag);
  return Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES - 1)), decipher.final()]).toString('utf8');
}
