import { digestOf } from '../core/digest.js';
import { AuthEvents } from '../core/auth-events.js';
import { BoundedCache } from '../core/bounded-cache.js';
import type { WixClock } from '../core/clock.js';
import { textOf, type JsonObject } from '../core/values/json.js';
import { ownCopyOf } from '../core/values/own-copy.js';
import { InvalidationEpochs } from '../core/concurrency/invalidation-epochs.js';
import { SingleFlight } from '../core/concurrency/single-flight.js';
import { endOf } from '../diagnostics/trace-channel.js';
import { Traces } from '../diagnostics/traces.js';
import type { WixTraceSource } from '../diagnostics/trace-messages.js';
import { WixAppRefusedError, WixAuthError, WixInstanceUnknownError } from '../core/wix-auth.errors.js';
import type { PublishedWhen } from '../store/invalidation-bus.js';
import type { SharedInvalidations } from '../store/shared-invalidations.js';
import type { SharedValues, SharedWork } from '../store/shared-values.js';
import type { Sharing } from '../store/sharing.js';
import { isFresh, tokenLife, type RenewalSettings, type TokenLife } from './renewal-windows.js';
import { entryOf, obtainedFrom, storedTokenIn, type ObtainedToken, type StoredToken } from './stored-token.js';
import type { WixAccessToken } from './wix-access-token.js';

/** What a caller may require of a cached token. */
export interface AccessTokenOptions {
  /**
   * Milliseconds the token must still be valid, for long work; at most half of its lifetime.
   *
   * @default 0 (the leeway of the options applies in any case)
   */
  readonly minValidityMs?: number | undefined;
  /**
   * Obtain a new token whatever is cached, even when another caller is obtaining one already.
   *
   * @default false
   */
  readonly forceRefresh?: boolean | undefined;
}

interface CachedToken extends TokenLife {
  readonly token: WixAccessToken;
  /** The token as the promise callers get: made once, so that handing it out costs nothing. */
  readonly answer: Promise<WixAccessToken>;
}

interface Refusal {
  readonly error: WixAuthError;
  readonly untilMs: number;
}

const REFUSED_FOR_MS = 10_000;
const RENEWAL_PAUSE_MS = 20_000;

/** The app's own tokens, or those on behalf of callers. */
type TokenKind = 'app' | 'caller';

/** How one kind of token is cached. */
export interface TokenCacheSettings extends RenewalSettings {
  /** Whether a name is an instance id: then forgetting it reaches every process that is just obtaining one. */
  readonly areNamedByInstance: boolean;
}

// Processes that share a token and were to renew it at the very same moment would all find it due.
const RENEWAL_SPREAD = 0.1;

/**
 * Keeps tokens by name: in this process and in the store, one attempt at a time each over all processes that share
 * them, renewed before they expire.
 */
export class TokenCache {
  readonly #kind: TokenKind;
  readonly #traces: Traces;
  readonly #values: SharedValues;
  readonly #invalidations: SharedInvalidations;
  readonly #clock: WixClock;
  readonly #settings: TokenCacheSettings;
  readonly #cache = new BoundedCache<string, CachedToken>();
  readonly #refused = new BoundedCache<string, Refusal>();
  readonly #attempts = new SingleFlight<WixAccessToken>();
  readonly #names = new WeakMap<WixAccessToken, string>();
  readonly #renewalPauses = new BoundedCache<string, number>();
  readonly #epochs = new InvalidationEpochs();
  /** The last token dropped under a name, should the store fail to erase it. */
  readonly #dropped = new BoundedCache<string, string>();
  readonly #events: AuthEvents;

  constructor(
    kind: TokenKind,
    sharing: Sharing,
    clock: WixClock,
    settings: TokenCacheSettings,
    traces = new Traces(),
    events = new AuthEvents(),
  ) {
    this.#kind = kind;
    this.#events = events;
    this.#traces = traces;
    this.#values = sharing.values(kind);
    this.#invalidations = sharing.invalidations;
    this.#clock = clock;
    this.#settings = settings;
    this.#invalidations.on(this.#topic('dropped'), (body, when) => this.#onDropped(body, when));
    this.#invalidations.on(this.#topic('forgotten'), (body, when) => this.#onForgotten(body, when));
  }

  /** The cached token when it needs no renewal: the path of almost every call. */
  atHand(name: string): Promise<WixAccessToken> | undefined {
    const cached = this.#cache.get(name);
    if (cached === undefined || this.#clock.nowMs() >= cached.renewFromMs) return undefined;
    if (this.#traces.mint.hasListeners) this.#publishFound(name);
    return cached.answer;
  }

  /** A token that meets the requirements: cached, from the store, or obtained now. */
  take(name: string, obtain: () => Promise<WixAccessToken>, options: AccessTokenOptions = {}): Promise<WixAccessToken> {
    if (options.forceRefresh === true) return this.#obtainFresh(name, obtain);

    const cached = this.#cache.get(name);
    if (!this.#meets(cached, options)) return this.#find(name, obtain, options);
    if (this.#clock.nowMs() >= cached.renewFromMs) this.#renewInBackground(name, obtain);
    if (this.#traces.mint.hasListeners) this.#publishFound(name);
    return cached.answer;
  }

  /** Forgets this very token, in all processes, if it was handed out here; a newer one under the same name stays. */
  async drop(token: WixAccessToken): Promise<void> {
    const name = this.#names.get(token);
    if (name === undefined) return;
    const isCached = this.#cache.get(name)?.token.value === token.value;
    if (isCached) this.#forgetHere(name);
    await this.#values.eraseIf(name, (entry) => storedTokenIn(entry)?.value === token.value);
    // Published last: receivers must not find the token in the store again.
    if (isCached) await this.#invalidations.publish(this.#topic('dropped'), { name, token: digestOf(token.value) });
  }

  /** Forgets what is cached under a name, in all processes; an answer that is under way is not cached when it arrives. */
  async forget(name: string): Promise<void> {
    this.#forgetHere(name);
    await this.#forgetShared(name);
    await this.#invalidations.publish(this.#topic('forgotten'), { name });
  }

  #publishFound(name: string): void {
    this.#traces.mint.publish({ kind: this.#kind, from: 'memory', outcome: 'success', ...this.#instanceIn(name) });
  }

  // Tokens on behalf of callers are named by a digest of the caller's own, which is not passed on.
  #instanceIn(name: string): { readonly instanceId?: string } {
    return this.#settings.areNamedByInstance ? { instanceId: name } : {};
  }

  async #forgetShared(name: string): Promise<void> {
    if (this.#settings.areNamedByInstance) await this.#values.forget(name);
    await this.#values.erase(name);
  }

  #onDropped(body: JsonObject, when: PublishedWhen): void {
    const name = textOf(body, 'name') ?? '';
    const cached = this.#cache.get(name);
    if (when === 'now' && cached !== undefined && digestOf(cached.token.value) === body['token'])
      this.#forgetHere(name);
  }

  #onForgotten(body: JsonObject, when: PublishedWhen): void {
    if (when === 'now') this.#forgetHere(textOf(body, 'name') ?? '');
  }

  #forgetHere(name: string): void {
    const cached = this.#cache.get(name);
    if (cached !== undefined) this.#dropped.set(name, cached.token.value);
    this.#cache.delete(name);
    this.#refused.delete(name);
    this.#epochs.forget(name);
    this.#renewalPauses.delete(name);
    this.#attempts.forget(name);
  }

  #meets(cached: CachedToken | undefined, options: AccessTokenOptions): cached is CachedToken {
    return cached !== undefined && isFresh(cached, this.#clock.nowMs(), options.minValidityMs);
  }

  async #find(
    name: string,
    obtain: () => Promise<WixAccessToken>,
    options: AccessTokenOptions,
  ): Promise<WixAccessToken> {
    const meets = (stored: StoredToken): boolean =>
      isFresh(this.#lifeOf(stored), this.#clock.nowMs(), options.minValidityMs);
    const token = await this.#attempts.run(name, () => this.#findOrObtain(name, obtain, meets));
    const cached = this.#cache.get(name);
    // The attempt may have been another caller's, who needed the token for less long.
    return cached === undefined || this.#meets(cached, options)
      ? token
      : this.#attempts.run(name, () => this.#obtain(name, obtain, meets));
  }

  async #findOrObtain(
    name: string,
    obtain: () => Promise<WixAccessToken>,
    meets: (stored: StoredToken) => boolean,
  ): Promise<WixAccessToken> {
    const refused = this.#refused.get(name);
    if (refused !== undefined && refused.untilMs > this.#clock.nowMs()) throw this.#refusedAgain(name, refused.error);
    return this.#obtain(name, obtain, meets);
  }

  #refusedAgain(name: string, error: WixAuthError): WixAuthError {
    const { mint } = this.#traces;
    if (mint.hasListeners) {
      mint.publish({ kind: this.#kind, from: 'memory', ...this.#instanceIn(name), ...endOf(error) });
    }
    return ownCopyOf(error);
  }

  #obtain(
    name: string,
    obtain: () => Promise<WixAccessToken>,
    meets: (stored: StoredToken) => boolean,
    isAhead = false,
  ): Promise<WixAccessToken> {
    const work = this.#work(name, obtain, meets);
    return this.#traced(name, work, isAhead, (noted) => this.#values.obtain(noted));
  }

  #obtainFresh(name: string, obtain: () => Promise<WixAccessToken>): Promise<WixAccessToken> {
    // What is under way was asked for earlier: its callers get it, but it must not replace the newer one in the cache.
    this.#epochs.forget(name);
    return this.#attempts.restart(name, () => {
      const work = this.#work(name, obtain, () => false);
      return this.#traced(name, work, false, (noted) => this.#values.obtainFresh(noted));
    });
  }

  #traced(
    name: string,
    work: SharedWork<ObtainedToken>,
    isAhead: boolean,
    send: (noted: SharedWork<ObtainedToken>) => Promise<ObtainedToken>,
  ): Promise<WixAccessToken> {
    let from: WixTraceSource = 'store';
    const obtain = (): Promise<ObtainedToken> => {
      from = 'wix';
      return work.obtain();
    };
    return this.#traces.mint.follow(
      () => ({ kind: this.#kind, isAhead, ...this.#instanceIn(name) }),
      () => this.#cacheResult(name, () => send({ ...work, obtain })),
      () => ({ from }),
      () => ({ from }),
    );
  }

  async #cacheResult(name: string, send: () => Promise<ObtainedToken>): Promise<WixAccessToken> {
    const epoch = this.#epochs.now();
    try {
      const { token, sinceMs } = await send();
      this.#names.set(token, name);
      if (!this.#epochs.isStale(name, epoch)) this.#keep(name, token, sinceMs);
      return token;
    } catch (error) {
      if (!this.#epochs.isStale(name, epoch)) this.#rememberRefusal(name, error);
      throw error;
    }
  }

  #work(
    name: string,
    obtain: () => Promise<WixAccessToken>,
    suffices: (stored: StoredToken) => boolean,
  ): SharedWork<ObtainedToken> {
    const epoch = this.#epochs.now();
    return {
      name,
      instanceId: this.#settings.areNamedByInstance ? name : undefined,
      accept: (entry) => {
        const stored = storedTokenIn(entry);
        const isUsable = stored !== undefined && stored.value !== this.#dropped.get(name) && suffices(stored);
        return isUsable ? obtainedFrom(stored) : undefined;
      },
      // Counted from the answer and not from the request: after a slow one, a short life would seem half over already.
      obtain: async () => ({ token: await obtain(), sinceMs: this.#clock.nowMs() }),
      entryOf: (obtained) => ({ entry: entryOf(obtained), untilMs: obtained.token.expiresAt.getTime() }),
      isStillValid: () => !this.#epochs.isStale(name, epoch),
    };
  }

  #renewInBackground(name: string, obtain: () => Promise<WixAccessToken>): void {
    if ((this.#renewalPauses.get(name) ?? 0) > this.#clock.nowMs()) return;
    // Set before the attempt, so that callers meanwhile do not start another one when it fails at once.
    this.#renewalPauses.set(name, this.#clock.nowMs() + (0.5 + Math.random()) * RENEWAL_PAUSE_MS);
    const isNotDue = (stored: StoredToken): boolean => this.#clock.nowMs() < this.#lifeOf(stored).renewFromMs;
    this.#attempts
      .run(name, () => this.#obtain(name, obtain, isNotDue, true))
      .catch((error: unknown) => {
        const reason = error instanceof WixAuthError ? error.message : 'unexpected error';
        this.#events.emit('renewalFailed', { kind: this.#kind, reason });
      });
  }

  #keep(name: string, token: WixAccessToken, sinceMs: number): void {
    const life = tokenLife(sinceMs, token.expiresAt.getTime(), this.#settings);
    this.#cache.set(name, { ...this.#spread(life), token, answer: Promise.resolve(token) });
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
    this.#refused.set(name, { error: ownCopyOf(error), untilMs: this.#clock.nowMs() + REFUSED_FOR_MS });
  }

  #lifeOf({ sinceMs, expiresAtMs }: StoredToken): TokenLife {
    return tokenLife(sinceMs, expiresAtMs, this.#settings);
  }

  #topic(what: 'dropped' | 'forgotten'): string {
    return `${this.#kind} tokens ${what}`;
  }
}
