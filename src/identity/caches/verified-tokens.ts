import type { AnyWixIdentity } from '../../core/identities/wix-identity.js';
import type { WixInstanceId } from '../../core/identities/wix-instance-id.js';

/** Moments in the life of a verified credential, in milliseconds since the epoch. */
export interface VerifiedLife {
  /**
   * Until when it may be trusted while Wix cannot be asked.
   *
   * @default no longer than otherwise
   */
  readonly staleUntilMs?: number | undefined;
  /**
   * From when it is renewed, if it is used.
   *
   * @default never
   */
  readonly renewFromMs?: number | undefined;
}

interface VerifiedCredential {
  readonly credential: string;
  readonly identity: AnyWixIdentity;
  readonly untilMs: number;
  readonly staleUntilMs: number;
  /** Later with every attempt. */
  renewFromMs: number;
}

const STALE_FOR_MS = 1_000;
const RENEWAL_PAUSE_MS = 5_000;
const NEVER = Infinity;

/**
 * The identities behind recently verified credentials. When there are too many, the one verified longest ago makes room.
 *
 * Hashing a whole credential on every request costs more than everything else a guard does, so entries stand under a
 * part of the signature, and the whole text is compared before one counts. A plain map, because noting on every
 * request what was used last costs more than verifying something again a little early.
 */
export class VerifiedTokens {
  readonly #entries = new Map<string, VerifiedCredential>();
  readonly #maxEntries: number;
  readonly #renew: (credential: string) => boolean;

  /** @param renew begins to renew a credential in the background, and tells whether it did: not while there is no room. */
  constructor(maxEntries: number, renew: (credential: string) => boolean = () => false) {
    this.#maxEntries = maxEntries;
    this.#renew = renew;
  }

  /** The identity this exact credential was verified for, while that may still be trusted. */
  find(credential: string, nowMs: number): AnyWixIdentity | undefined {
    const entry = this.#entries.get(keyOf(credential));
    if (entry === undefined || entry.untilMs <= nowMs || entry.credential !== credential) return undefined;
    if (entry.renewFromMs <= nowMs && this.#renew(credential)) entry.renewFromMs = nowMs + RENEWAL_PAUSE_MS;
    return entry.identity;
  }

  /** Whether this exact credential was verified before, however long ago. */
  knows(credential: string): boolean {
    return this.#entries.get(keyOf(credential))?.credential === credential;
  }

  /** Trusts an identity until a moment. */
  keep(credential: string, identity: AnyWixIdentity, untilMs: number, life: VerifiedLife = {}): void {
    const { staleUntilMs = untilMs, renewFromMs = NEVER } = life;
    const key = keyOf(credential);
    this.#entries.delete(key);
    this.#entries.set(key, { credential, identity, untilMs, staleUntilMs, renewFromMs });
    if (this.#entries.size > this.#maxEntries) this.#forgetOldest();
  }

  /**
   * The identity this exact credential was verified for, if that may be trusted while Wix cannot be asked. From then on
   * it is trusted for a second more, so that not every request of an outage finds out anew.
   */
  useStale(credential: string, nowMs: number): AnyWixIdentity | undefined {
    const key = keyOf(credential);
    const entry = this.#entries.get(key);
    if (entry?.credential !== credential || entry.staleUntilMs <= nowMs) return undefined;
    const staleForMs = Math.min(nowMs + STALE_FOR_MS, entry.staleUntilMs);
    // What could not be renewed may still be good for longer than that.
    if (staleForMs > entry.untilMs) this.#entries.set(key, { ...entry, untilMs: staleForMs, renewFromMs: NEVER });
    return entry.identity;
  }

  /** Forgets one credential. */
  delete(credential: string): void {
    if (this.knows(credential)) this.#entries.delete(keyOf(credential));
  }

  /** Forgets every identity of one installation. */
  forget(instanceId: WixInstanceId): void {
    for (const [key, { identity }] of this.#entries) {
      if (identity.instanceId === instanceId) this.#entries.delete(key);
    }
  }

  #forgetOldest(): void {
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}

// Enough of a signature to be unique. V8 copies slices this short; a longer one would keep the whole credential alive.
const KEY_LENGTH = 12;
const SIGNATURE_LENGTH = 43;

// The signature begins a signed instance and ends a token. Only a signed instance has its first dot there: the prefix
// and header of a token may be just as long.
const keyOf = (credential: string): string =>
  credential[SIGNATURE_LENGTH] === '.' && credential.indexOf('.') === SIGNATURE_LENGTH
    ? credential.slice(0, KEY_LENGTH)
    : credential.slice(-KEY_LENGTH);
