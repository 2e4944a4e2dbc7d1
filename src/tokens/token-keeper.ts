import { Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

import type { WixClock } from '../core/clock.js';
import { isJsonObject, numberOf, textOf } from '../core/json.js';
import { Recency } from '../core/recency.js';
import { SingleFlight } from '../core/single-flight.js';
import { WixAppRefusedError, WixAuthError, WixInstanceUnknownError } from '../core/wix-auth.errors.js';
import type { SealedStore } from '../store/sealed-store.js';
import { isFresh, tokenLife, type RenewalSettings, type TokenLife } from './renewal-windows.js';
import { WixAccessToken } from './wix-access-token.js';

/** What a caller may ask of a kept token. */
export interface TokenWish {
  /**
   * Milliseconds the token must still be valid, for long work; at most half of its lifetime.
   *
   * @default 0 (the leeway of the options applies in any case)
   */
  readonly minValidityMs?: number | undefined;
  /**
   * Obtain a new token whatever is kept, also when another caller is obtaining one already.
   *
   * @default false
   */
  readonly forceRefresh?: boolean | undefined;
}

interface KeptToken extends TokenLife {
  readonly token: WixAccessToken;
  /** The token as the promise callers get: made once, so that handing it out costs nothing. */
  readonly answer: Promise<WixAccessToken>;
}

interface Refusal {
  readonly error: WixAuthError;
  readonly untilMs: number;
}

const MAX_ENTRIES = 10_000;
const REFUSED_FOR_MS = 10_000;
const RENEWAL_PAUSE_MS = 20_000;

/** Keeps tokens by name: in this process and in the store, one attempt at a time each, renewed before they expire. */
export class TokenKeeper {
  readonly #kind: string;
  readonly #store: SealedStore;
  readonly #clock: WixClock;
  readonly #settings: RenewalSettings;
  readonly #kept = new LRUCache<string, KeptToken>({ max: MAX_ENTRIES });
  readonly #refused = new LRUCache<string, Refusal>({ max: MAX_ENTRIES });
  readonly #attempts = new SingleFlight<WixAccessToken>();
  readonly #names = new WeakMap<WixAccessToken, string>();
  readonly #renewalPauses = new LRUCache<string, number>({ max: MAX_ENTRIES });
  readonly #recency = new Recency();
  /** The last token dropped under a name, should the store fail to erase it. */
  readonly #dropped = new LRUCache<string, string>({ max: MAX_ENTRIES });
  readonly #logger = new Logger('WixAuthModule');

  constructor(kind: string, store: SealedStore, clock: WixClock, settings: RenewalSettings) {
    this.#kind = kind;
    this.#store = store;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** The kept token when nothing needs to be done about it: the way almost every call takes. */
  atHand(name: string): Promise<WixAccessToken> | undefined {
    const kept = this.#kept.get(name);
    return kept !== undefined && this.#clock.nowMs() < kept.renewFromMs ? kept.answer : undefined;
  }

  /** A token that meets the wish: kept, from the store, or obtained now. */
  take(name: string, obtain: () => Promise<WixAccessToken>, wish: TokenWish = {}): Promise<WixAccessToken> {
    if (wish.forceRefresh === true) return this.#obtainAfresh(name, obtain);

    const kept = this.#kept.get(name);
    if (!this.#meets(kept, wish)) return this.#find(name, obtain, wish);
    if (this.#clock.nowMs() >= kept.renewFromMs) this.#renewInBackground(name, obtain);
    return kept.answer;
  }

  /** Forgets this very token if it was handed out here; a newer one under the same name stays. */
  async drop(token: WixAccessToken): Promise<void> {
    const name = this.#names.get(token);
    if (name === undefined) return;
    if (this.#kept.get(name)?.token.value === token.value) this.#forgetHere(name);
    const stored = keptIn(await this.#store.read(this.#storeName(name)));
    if (stored?.value === token.value) await this.#store.erase(this.#storeName(name));
  }

  /** Forgets whatever is kept under a name; an answer already asked for is not kept when it comes. */
  async forget(name: string): Promise<void> {
    this.#forgetHere(name);
    await this.#store.erase(this.#storeName(name));
  }

  #forgetHere(name: string): void {
    const kept = this.#kept.get(name);
    if (kept !== undefined) this.#dropped.set(name, kept.token.value);
    this.#kept.delete(name);
    this.#refused.delete(name);
    this.#recency.forget(name);
    this.#renewalPauses.delete(name);
    this.#attempts.forget(name);
  }

  #meets(kept: KeptToken | undefined, wish: TokenWish): kept is KeptToken {
    return kept !== undefined && isFresh(kept, this.#clock.nowMs(), wish.minValidityMs);
  }

  async #find(name: string, obtain: () => Promise<WixAccessToken>, wish: TokenWish): Promise<WixAccessToken> {
    const token = await this.#attempts.run(name, () => this.#fromStoreOr(name, obtain, wish));
    const kept = this.#kept.get(name);
    // The attempt may have been another caller's, who needed the token for less long.
    return kept === undefined || this.#meets(kept, wish)
      ? token
      : this.#attempts.run(name, () => this.#obtain(name, obtain));
  }

  async #fromStoreOr(name: string, obtain: () => Promise<WixAccessToken>, wish: TokenWish): Promise<WixAccessToken> {
    const refused = this.#refused.get(name);
    if (refused !== undefined && refused.untilMs > this.#clock.nowMs()) throw refused.error;

    const askedAt = this.#recency.now();
    const stored = keptIn(await this.#store.read(this.#storeName(name)));
    if (stored === undefined || !this.#isUsable(name, stored, wish)) return this.#obtain(name, obtain);

    const token = new WixAccessToken(stored.value, new Date(stored.expiresAtMs));
    this.#names.set(token, name);
    if (!this.#recency.isOutdated(name, askedAt)) this.#keep(name, token, stored.sinceMs);
    return token;
  }

  #obtainAfresh(name: string, obtain: () => Promise<WixAccessToken>): Promise<WixAccessToken> {
    // What is under way was asked for earlier: its callers get it, but it must not be kept over the newer one.
    this.#recency.forget(name);
    return this.#attempts.restart(name, () => this.#obtain(name, obtain));
  }

  async #obtain(name: string, obtain: () => Promise<WixAccessToken>): Promise<WixAccessToken> {
    const askedAt = this.#recency.now();
    try {
      const token = await obtain();
      this.#names.set(token, name);
      if (!this.#recency.isOutdated(name, askedAt)) await this.#keepAndShare(name, token, askedAt);
      return token;
    } catch (error) {
      if (!this.#recency.isOutdated(name, askedAt)) this.#rememberRefusal(name, error);
      throw error;
    }
  }

  async #keepAndShare(name: string, token: WixAccessToken, askedAt: number): Promise<void> {
    // Counted from here and not from the question: after a slow answer, a short life would seem half over already.
    const sinceMs = this.#clock.nowMs();
    this.#keep(name, token, sinceMs);
    await this.#store.write(this.#storeName(name), entryOf(token, sinceMs), token.expiresAt.getTime());
    // Forgotten while it was being written: then the store may have erased first and written last.
    if (this.#recency.isOutdated(name, askedAt)) await this.#store.erase(this.#storeName(name));
  }

  #renewInBackground(name: string, obtain: () => Promise<WixAccessToken>): void {
    if ((this.#renewalPauses.get(name) ?? 0) > this.#clock.nowMs()) return;
    // Set before the attempt, so that callers meanwhile do not start another one when it fails at once.
    this.#renewalPauses.set(name, this.#clock.nowMs() + (0.5 + Math.random()) * RENEWAL_PAUSE_MS);
    this.#attempts
      .run(name, () => this.#obtain(name, obtain))
      .catch((error: unknown) => {
        const reason = error instanceof WixAuthError ? error.message : 'unexpected error';
        this.#logger.warn(`A ${this.#kind} token could not be renewed ahead of its expiry: ${reason}`);
      });
  }

  #keep(name: string, token: WixAccessToken, sinceMs: number): void {
    const life = tokenLife(sinceMs, token.expiresAt.getTime(), this.#settings);
    this.#kept.set(name, { ...life, token, answer: Promise.resolve(token) });
    this.#refused.delete(name);
    this.#dropped.delete(name);
    this.#renewalPauses.delete(name);
  }

  // An outage is never remembered; a removed site or a refused secret is, for that name alone.
  #rememberRefusal(name: string, error: unknown): void {
    if (!(error instanceof WixInstanceUnknownError || error instanceof WixAppRefusedError)) return;
    this.#refused.set(name, { error, untilMs: this.#clock.nowMs() + REFUSED_FOR_MS });
  }

  #isUsable(name: string, { value, sinceMs, expiresAtMs }: StoredToken, wish: TokenWish): boolean {
    const life = tokenLife(sinceMs, expiresAtMs, this.#settings);
    return value !== this.#dropped.get(name) && isFresh(life, this.#clock.nowMs(), wish.minValidityMs);
  }

  #storeName(name: string): string {
    return `${this.#kind}:${name}`;
  }
}

interface StoredToken {
  readonly value: string;
  readonly sinceMs: number;
  readonly expiresAtMs: number;
}

const entryOf = (token: WixAccessToken, sinceMs: number): StoredToken => ({
  value: token.value,
  sinceMs,
  expiresAtMs: token.expiresAt.getTime(),
});

function keptIn(entry: unknown): StoredToken | undefined {
  if (!isJsonObject(entry)) return undefined;
  const value = textOf(entry, 'value');
  const sinceMs = numberOf(entry, 'sinceMs');
  const expiresAtMs = numberOf(entry, 'expiresAtMs');
  return value === undefined || sinceMs === undefined || expiresAtMs === undefined
    ? undefined
    : { value, sinceMs, expiresAtMs };
}
