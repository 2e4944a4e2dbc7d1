import { createHash } from 'node:crypto';

import { Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

import type { WixClock } from '../core/clock.js';
import { textOf, type JsonObject } from '../core/json.js';
import { Recency } from '../core/recency.js';
import { SingleFlight } from '../core/single-flight.js';
import { WixAppRefusedError, WixAuthError, WixInstanceUnknownError } from '../core/wix-auth.errors.js';
import type { AnnouncedWhen } from '../store/announcements.js';
import type { SharedNews } from '../store/shared-news.js';
import type { SharedValues, SharedWork } from '../store/shared-values.js';
import type { Sharing } from '../store/sharing.js';
import { isFresh, tokenLife, type RenewalSettings, type TokenLife } from './renewal-windows.js';
import { entryOf, obtainedFrom, storedTokenIn, type ObtainedToken, type StoredToken } from './stored-token.js';
import type { WixAccessToken } from './wix-access-token.js';

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

/** How one kind of token is kept. */
export interface KeeperSettings extends RenewalSettings {
  /** Whether a name is an instance id: then forgetting it reaches every process that is just obtaining one. */
  readonly areNamedByInstance: boolean;
}

// Processes that share a token and were to renew it at the very same moment would all find it due.
const RENEWAL_SPREAD = 0.1;

/**
 * Keeps tokens by name: in this process and in the store, one attempt at a time each over all processes that share
 * them, renewed before they expire.
 */
export class TokenKeeper {
  readonly #kind: string;
  readonly #values: SharedValues;
  readonly #news: SharedNews;
  readonly #clock: WixClock;
  readonly #settings: KeeperSettings;
  readonly #kept = new LRUCache<string, KeptToken>({ max: MAX_ENTRIES });
  readonly #refused = new LRUCache<string, Refusal>({ max: MAX_ENTRIES });
  readonly #attempts = new SingleFlight<WixAccessToken>();
  readonly #names = new WeakMap<WixAccessToken, string>();
  readonly #renewalPauses = new LRUCache<string, number>({ max: MAX_ENTRIES });
  readonly #recency = new Recency();
  /** The last token dropped under a name, should the store fail to erase it. */
  readonly #dropped = new LRUCache<string, string>({ max: MAX_ENTRIES });
  readonly #logger = new Logger('WixAuthModule');

  constructor(kind: string, sharing: Sharing, clock: WixClock, settings: KeeperSettings) {
    this.#kind = kind;
    this.#values = sharing.values(kind);
    this.#news = sharing.news;
    this.#clock = clock;
    this.#settings = settings;
    this.#news.on(this.#topic('dropped'), (body, when) => this.#hearDropped(body, when));
    this.#news.on(this.#topic('forgotten'), (body, when) => this.#hearForgotten(body, when));
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

  /** Forgets this very token, in all processes, if it was handed out here; a newer one under the same name stays. */
  async drop(token: WixAccessToken): Promise<void> {
    const name = this.#names.get(token);
    if (name === undefined) return;
    const isKept = this.#kept.get(name)?.token.value === token.value;
    if (isKept) this.#forgetHere(name);
    await this.#values.eraseIf(name, (entry) => storedTokenIn(entry)?.value === token.value);
    // Told last: who hears of it must not find the token in the store again.
    if (isKept) await this.#news.tell(this.#topic('dropped'), { name, token: digest(token.value) });
  }

  /** Forgets whatever is kept under a name, in all processes; an answer already asked for is not kept when it comes. */
  async forget(name: string): Promise<void> {
    this.#forgetHere(name);
    await this.#forgetShared(name);
    await this.#news.tell(this.#topic('forgotten'), { name });
  }

  async #forgetShared(name: string): Promise<void> {
    if (this.#settings.areNamedByInstance) await this.#values.forget(name);
    await this.#values.erase(name);
  }

  #hearDropped(body: JsonObject, when: AnnouncedWhen): void {
    const name = textOf(body, 'name') ?? '';
    const kept = this.#kept.get(name);
    if (when === 'now' && kept !== undefined && digest(kept.token.value) === body['token']) this.#forgetHere(name);
  }

  #hearForgotten(body: JsonObject, when: AnnouncedWhen): void {
    if (when === 'now') this.#forgetHere(textOf(body, 'name') ?? '');
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
    const meets = (stored: StoredToken): boolean =>
      isFresh(this.#lifeOf(stored), this.#clock.nowMs(), wish.minValidityMs);
    const token = await this.#attempts.run(name, () => this.#findOrObtain(name, obtain, meets));
    const kept = this.#kept.get(name);
    // The attempt may have been another caller's, who needed the token for less long.
    return kept === undefined || this.#meets(kept, wish)
      ? token
      : this.#attempts.run(name, () => this.#obtain(name, obtain, meets));
  }

  async #findOrObtain(
    name: string,
    obtain: () => Promise<WixAccessToken>,
    meets: (stored: StoredToken) => boolean,
  ): Promise<WixAccessToken> {
    const refused = this.#refused.get(name);
    if (refused !== undefined && refused.untilMs > this.#clock.nowMs()) throw refused.error;

    const work = this.#work(name, obtain, meets);
    return this.#keepWhatComes(name, async () => (await this.#values.find(work)) ?? this.#values.obtain(work));
  }

  #obtain(
    name: string,
    obtain: () => Promise<WixAccessToken>,
    meets: (stored: StoredToken) => boolean,
  ): Promise<WixAccessToken> {
    return this.#keepWhatComes(name, () => this.#values.obtain(this.#work(name, obtain, meets)));
  }

  #obtainAfresh(name: string, obtain: () => Promise<WixAccessToken>): Promise<WixAccessToken> {
    // What is under way was asked for earlier: its callers get it, but it must not be kept over the newer one.
    this.#recency.forget(name);
    return this.#attempts.restart(name, () =>
      this.#keepWhatComes(name, () => this.#values.obtainAfresh(this.#work(name, obtain, () => false))),
    );
  }

  async #keepWhatComes(name: string, ask: () => Promise<ObtainedToken>): Promise<WixAccessToken> {
    const askedAt = this.#recency.now();
    try {
      const { token, sinceMs } = await ask();
      this.#names.set(token, name);
      if (!this.#recency.isOutdated(name, askedAt)) this.#keep(name, token, sinceMs);
      return token;
    } catch (error) {
      if (!this.#recency.isOutdated(name, askedAt)) this.#rememberRefusal(name, error);
      throw error;
    }
  }

  #work(
    name: string,
    obtain: () => Promise<WixAccessToken>,
    suffices: (stored: StoredToken) => boolean,
  ): SharedWork<ObtainedToken> {
    const askedAt = this.#recency.now();
    return {
      name,
      instanceId: this.#settings.areNamedByInstance ? name : undefined,
      accept: (entry) => {
        const stored = storedTokenIn(entry);
        const isUsable = stored !== undefined && stored.value !== this.#dropped.get(name) && suffices(stored);
        return isUsable ? obtainedFrom(stored) : undefined;
      },
      // Counted from the answer and not from the question: after a slow one, a short life would seem half over already.
      obtain: async () => ({ token: await obtain(), sinceMs: this.#clock.nowMs() }),
      entryOf: (obtained) => ({ entry: entryOf(obtained), untilMs: obtained.token.expiresAt.getTime() }),
      isWanted: () => !this.#recency.isOutdated(name, askedAt),
    };
  }

  #renewInBackground(name: string, obtain: () => Promise<WixAccessToken>): void {
    if ((this.#renewalPauses.get(name) ?? 0) > this.#clock.nowMs()) return;
    // Set before the attempt, so that callers meanwhile do not start another one when it fails at once.
    this.#renewalPauses.set(name, this.#clock.nowMs() + (0.5 + Math.random()) * RENEWAL_PAUSE_MS);
    const isNotDue = (stored: StoredToken): boolean => this.#clock.nowMs() < this.#lifeOf(stored).renewFromMs;
    this.#attempts
      .run(name, () => this.#obtain(name, obtain, isNotDue))
      .catch((error: unknown) => {
        const reason = error instanceof WixAuthError ? error.message : 'unexpected error';
        this.#logger.warn(`A ${this.#kind} token could not be renewed ahead of its expiry: ${reason}`);
      });
  }

  #keep(name: string, token: WixAccessToken, sinceMs: number): void {
    const life = tokenLife(sinceMs, token.expiresAt.getTime(), this.#settings);
    this.#kept.set(name, { ...this.#spread(life), token, answer: Promise.resolve(token) });
    this.#refused.delete(name);
    this.#dropped.delete(name);
    this.#renewalPauses.delete(name);
  }

  #spread(life: TokenLife): TokenLife {
    if (!this.#values.areShared) return life;
    const windowMs = life.staleFromMs - life.renewFromMs;
    return { ...life, renewFromMs: life.renewFromMs + Math.random() * RENEWAL_SPREAD * windowMs };
  }

  // An outage is never remembered; a removed site or a refused secret is, for that name alone.
  #rememberRefusal(name: string, error: unknown): void {
    if (!(error instanceof WixInstanceUnknownError || error instanceof WixAppRefusedError)) return;
    this.#refused.set(name, { error, untilMs: this.#clock.nowMs() + REFUSED_FOR_MS });
  }

  #lifeOf({ sinceMs, expiresAtMs }: StoredToken): TokenLife {
    return tokenLife(sinceMs, expiresAtMs, this.#settings);
  }

  #topic(what: 'dropped' | 'forgotten'): string {
    return `${this.#kind} tokens ${what}`;
  }
}

const digest = (token: string): string => createHash('sha256').update(token).digest('base64url');
