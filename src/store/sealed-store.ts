import type { KeyObject } from 'node:crypto';

import { Logger } from '@nestjs/common';

import type { AppCredentials } from '../core/app-credentials.js';
import type { WixClock } from '../core/clock.js';
import { isJsonObject, numberOf, parseJson } from '../core/json.js';
import { entryKey, seal, unseal } from './sealer.js';
import type { TokenStore } from './token-store.js';

// A store that is down or slow may slow a request by this much, and never stop it.
const PATIENCE_MS = 250;

/** Keeps values in a {@link TokenStore}, encrypted and under keys that name app, environment and kind. Never fails. */
export class SealedStore {
  readonly #store: TokenStore;
  readonly #secrets: readonly KeyObject[];
  readonly #namespace: string;
  readonly #clock: WixClock;
  readonly #logger = new Logger('WixAuthModule');

  constructor(store: TokenStore, app: AppCredentials, apiUrl: string, clock: WixClock) {
    this.#store = store;
    this.#secrets = app.secretKeys;
    this.#namespace = JSON.stringify([apiUrl, app.appId]);
    this.#clock = clock;
  }

  /** The value kept under a name, if there is one and it may still be trusted. */
  async read(name: string): Promise<unknown> {
    for (const secret of this.#secrets) {
      const value = await this.#readWith(secret, name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** Keeps a JSON value until a moment that stands inside the encryption, whatever the store makes of its lifetime. */
  async write(name: string, value: unknown, untilMs: number): Promise<void> {
    const [secret] = this.#secrets;
    const ttlMs = untilMs - this.#clock.nowMs();
    if (secret === undefined || ttlMs <= 0) return;
    const key = this.#keyOf(secret, name);
    const sealed = seal(secret, key, JSON.stringify({ value, untilMs }));
    // Rounded up for stores that take whole milliseconds only.
    await this.#patiently(() => this.#store.set(key, sealed, Math.ceil(ttlMs)));
  }

  /** Forgets a name, also where it was kept under an older secret. */
  async erase(name: string): Promise<void> {
    const keys = this.#secrets.map((secret) => this.#keyOf(secret, name));
    await Promise.all(keys.map((key) => this.#patiently(() => this.#store.delete(key))));
  }

  async #readWith(secret: KeyObject, name: string): Promise<unknown> {
    const key = this.#keyOf(secret, name);
    // Somebody else's class: it may well answer `null`, or what another program left under the key.
    const sealed: unknown = await this.#patiently(() => this.#store.get(key));
    const entry = typeof sealed === 'string' ? parseJson(unseal(secret, key, sealed) ?? '') : undefined;
    if (!isJsonObject(entry)) return undefined;
    return (numberOf(entry, 'untilMs') ?? 0) > this.#clock.nowMs() ? entry['value'] : undefined;
  }

  #keyOf(secret: KeyObject, name: string): string {
    return `wix-auth:${entryKey(secret, `${this.#namespace}${name}`)}`;
  }

  // Whatever the store does, also throwing before there is a promise, it only costs time.
  async #patiently<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
    const impatience = impatientAfter(PATIENCE_MS);
    try {
      return await Promise.race([work(), impatience.promise]);
    } catch (error) {
      const reason = error instanceof Error ? error.name : 'unknown error';
      this.#logger.warn(`The token store failed (${reason}); going on without it.`);
      return undefined;
    } finally {
      impatience.end();
    }
  }
}

interface Impatience {
  readonly promise: Promise<never>;
  end(): void;
}

function impatientAfter(ms: number): Impatience {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new StoreTooSlow()), ms);
  });
  return { promise, end: () => clearTimeout(timer) };
}

class StoreTooSlow extends Error {
  override readonly name = 'StoreTooSlow';
}
