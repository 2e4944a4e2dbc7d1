import { createSecretKey, type KeyObject } from 'node:crypto';

/** The app's id and secrets. Printing or serializing it shows no secret. */
export class AppCredentials {
  readonly appId: string;
  /** The secrets as keys, newest first: all of them verify and decrypt. */
  readonly secretKeys: readonly KeyObject[];
  readonly #secret: string;

  constructor(appId: string, secrets: readonly [string, ...string[]]) {
    this.appId = appId;
    this.secretKeys = secrets.map((secret) => createSecretKey(Buffer.from(secret, 'utf8')));
    this.#secret = secrets[0];
  }

  /** Whether a text is one of the secrets. */
  isSecret(text: string): boolean {
    const key = text === '' ? undefined : createSecretKey(Buffer.from(text, 'utf8'));
    return key !== undefined && this.secretKeys.some((secret) => secret.equals(key));
  }

  /** The secret to send to Wix. Call it where the request body is written, and nowhere else. */
  revealSecret(): string {
    return this.#secret;
  }
}
