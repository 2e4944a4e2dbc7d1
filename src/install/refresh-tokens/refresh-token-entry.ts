import type { KeyObject } from 'node:crypto';

import { digestOf } from '../../core/digest.js';
import type { AppCredentials } from '../../core/app-credentials.js';
import { isJsonObject, numberOf, parseJson, textOf } from '../../core/values/json.js';
import type { WixInstanceId } from '../../core/identities/wix-instance-id.js';
import { seal, unseal } from '../../store/sealer.js';

/** A refresh token, and the renewal in progress. */
export interface RefreshTokenEntry {
  readonly token: string;
  /** Set while a process renews it: until when others wait for that, in milliseconds since the epoch. */
  readonly busyUntilMs: number | undefined;
}

/** What a stored text turned out to be: an entry, or something that none of the secrets opens. */
export type OpenedEntry = (RefreshTokenEntry & { readonly isStale: boolean }) | 'sealed';

/** Encrypts entries with the first app secret and opens them with any. Keys do not change with the secret. */
export class RefreshTokenSealer {
  readonly #secrets: readonly KeyObject[];
  readonly #namespace: readonly [string, string];

  constructor(app: AppCredentials, apiUrl: string) {
    this.#secrets = app.secretKeys;
    this.#namespace = [apiUrl, app.appId];
  }

  /** The key an installation's entry stands under. */
  keyOf(instanceId: WixInstanceId): string {
    const name = JSON.stringify([...this.#namespace, instanceId]);
    return `wix-refresh-token:${digestOf(name)}`;
  }

  /** The text to store for an entry. */
  sealed(key: string, entry: RefreshTokenEntry): string {
    const [secret] = this.#secrets;
    if (secret === undefined) throw new Error('There is no app secret to encrypt a refresh token with.');
    return seal(secret, key, JSON.stringify(entry));
  }

  /** The entry in a stored text; `isOutdated` when an older secret sealed it. */
  opened(key: string, text: string): OpenedEntry {
    for (const [index, secret] of this.#secrets.entries()) {
      const value = parseJson(unseal(secret, key, text) ?? '');
      const token = isJsonObject(value) ? textOf(value, 'token') : undefined;
      if (isJsonObject(value) && token !== undefined) {
        return { token, busyUntilMs: numberOf(value, 'busyUntilMs'), isStale: index > 0 };
      }
    }
    return 'sealed';
  }
}
