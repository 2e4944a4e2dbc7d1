import { createPublicKey, type KeyObject } from 'node:crypto';

/** A public key from PEM, PEM with literal `\n`, or the base64 of either. */
export const parsePublicKey = (text: string): KeyObject => createPublicKey(pemIn(text));

function pemIn(text: string): string {
  const pem = text.includes('-----BEGIN') ? text : Buffer.from(text, 'base64').toString('utf8');
  return pem.replaceAll('\\n', '\n');
}

/** Whether {@link parsePublicKey} makes an RSA key of it. A private key has no business here, though it would do. */
export function isRsaPublicKey(text: string): boolean {
  try {
    return parsePublicKey(text).asymmetricKeyType === 'rsa' && !pemIn(text).includes('PRIVATE KEY');
  } catch {
    return false;
  }
}
