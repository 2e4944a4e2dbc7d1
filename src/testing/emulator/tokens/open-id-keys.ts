import { createPublicKey, generateKeyPairSync, sign, type JsonWebKey } from 'node:crypto';

const KEY_ID = 'EmulatId';

/** The key the platform signs OpenID tokens with. Made at first use: it takes a noticeable part of a second. */
export class OpenIdKeys {
  #pair: { readonly publicKey: string; readonly privateKey: string } | undefined;

  /** The public half, as a JSON web key. */
  get publicKey(): JsonWebKey {
    const key = createPublicKey(this.#keyPair().publicKey).export({ format: 'jwk' });
    return { ...key, kid: KEY_ID, alg: 'RS256', use: 'sig' };
  }

  /** Signs claims as a JWT. */
  sign(claims: object): string {
    const text = `${base64url({ kid: KEY_ID, alg: 'RS256', typ: 'JWT' })}.${base64url(claims)}`;
    return `${text}.${sign('sha256', Buffer.from(text), this.#keyPair().privateKey).toString('base64url')}`;
  }

  #keyPair() {
    this.#pair ??= generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    return this.#pair;
  }
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
