import { LRUCache } from 'lru-cache';

import type { AnyWixIdentity } from '../core/wix-identity.js';
import type { WixInstanceId } from '../core/wix-instance-id.js';

interface VerifiedToken {
  readonly token: string;
  readonly identity: AnyWixIdentity;
  readonly untilMs: number;
}

const KEY_LENGTH = 32;

/**
 * The identities behind recently verified tokens.
 *
 * Hashing a whole token on every request costs more than everything else a guard does, so entries stand under the
 * token's end, and the whole token is compared before one counts.
 */
export class VerifiedTokens {
  readonly #entries: LRUCache<string, VerifiedToken>;

  constructor(maxEntries: number) {
    this.#entries = new LRUCache({ max: maxEntries });
  }

  /** The identity this exact token was verified for, while that may still be trusted. */
  find(token: string, nowMs: number): AnyWixIdentity | undefined {
    const entry = this.#entries.get(token.slice(-KEY_LENGTH));
    return entry !== undefined && entry.untilMs > nowMs && entry.token === token ? entry.identity : undefined;
  }

  /** Trusts an identity until a moment. */
  keep(token: string, identity: AnyWixIdentity, untilMs: number): void {
    const entry = { token: flat(token), identity, untilMs };
    this.#entries.set(flat(token.slice(-KEY_LENGTH)), entry);
  }

  /** Forgets every identity of one installation. */
  forget(instanceId: WixInstanceId): void {
    for (const [key, { identity }] of this.#entries) {
      if (identity.instanceId === instanceId) this.#entries.delete(key);
    }
  }
}

// A slice of a string keeps the whole of it alive: here, every header of the request it came with.
const flat = (text: string): string => Buffer.from(text, 'latin1').toString('latin1');
