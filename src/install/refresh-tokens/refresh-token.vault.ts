import { BoundedCache } from '../../core/bounded-cache.js';
import { AuthEvents } from '../../core/auth-events.js';
import { failureReason } from '../../core/failure-reason.js';
import { pause } from '../../core/concurrency/pause.js';
import { withTimeout } from '../../core/concurrency/with-timeout.js';
import { WixUnavailableError } from '../../core/wix-auth.errors.js';
import type { WixInstanceId } from '../../core/identities/wix-instance-id.js';
import type { RefreshTokenEntry, RefreshTokenSealer } from './refresh-token-entry.js';
import type { RefreshTokenStore } from './refresh-token.store.js';

/** An entry as it was found: what it says, and the text to expect when replacing it. */
export interface FoundEntry extends RefreshTokenEntry {
  readonly key: string;
  readonly text: string;
}

// For every store, whatever its client does while the store cannot be reached.
const TIMEOUT_MS = 3_000;
const ATTEMPTS = 5;
const PAUSE_MS = 200;
const MAX_REPORTED = 1_000;

/** Reads and writes refresh tokens, encrypted. What the store does not tell is {@link WixUnavailableError}. */
export class RefreshTokenVault {
  readonly #store: RefreshTokenStore;
  readonly #sealer: RefreshTokenSealer;
  readonly #reported = new BoundedCache<string, true>({ max: MAX_REPORTED });
  readonly #events: AuthEvents;
  #failingSinceMs: number | undefined;

  constructor(store: RefreshTokenStore, sealer: RefreshTokenSealer, events = new AuthEvents()) {
    this.#events = events;
    this.#store = store;
    this.#sealer = sealer;
  }

  /**
   * The entry of an installation. One that an older secret sealed is sealed anew; one that no secret opens stays
   * where it is, is reported, and counts as none.
   */
  async find(instanceId: WixInstanceId): Promise<FoundEntry | undefined> {
    const key = this.#sealer.keyOf(instanceId);
    const text = await this.#send(() => this.#store.get(key));
    if (text === undefined) return undefined;
    const opened = this.#sealer.opened(key, text);
    if (opened === 'sealed') {
      this.#report(key, instanceId);
      return undefined;
    }

    const { isStale, ...entry } = opened;
    const found = { ...entry, key, text };
    return isStale ? ((await this.replace(found, entry)) ?? this.find(instanceId)) : found;
  }

  /** Puts another entry in the place of one found before; `undefined` when another process did so meanwhile. */
  async replace(found: FoundEntry, entry: RefreshTokenEntry): Promise<FoundEntry | undefined> {
    const text = this.#sealer.sealed(found.key, entry);
    const done = await this.#send(() => this.#store.replace(found.key, found.text, text));
    return done ? { ...entry, key: found.key, text } : undefined;
  }

  /** The same, tried several times: a token that only this process has must not be lost to a short outage. */
  async replaceForSure(found: FoundEntry, entry: RefreshTokenEntry): Promise<FoundEntry | undefined> {
    for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
      try {
        return await this.replace(found, entry);
      } catch {
        await pause(PAUSE_MS * attempt);
      }
    }
    return this.replace(found, entry);
  }

  /** Stores a new refresh token, whatever was stored before. */
  async put(instanceId: WixInstanceId, token: string): Promise<void> {
    const key = this.#sealer.keyOf(instanceId);
    const text = this.#sealer.sealed(key, { token, busyUntilMs: undefined });
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const present = await this.#send(() => this.#store.get(key));
      // Stored already, and in use by now: writing it again would undo a renewal.
      if (present !== undefined && this.#holds(key, present, token)) return;
      if (await this.#send(() => this.#store.replace(key, present, text))) return;
    }
    throw new WixUnavailableError('The refresh token could not be stored: its entry keeps changing.');
  }

  #holds(key: string, text: string, token: string): boolean {
    const opened = this.#sealer.opened(key, text);
    return opened !== 'sealed' && opened.token === token;
  }

  #report(key: string, instanceId: WixInstanceId): void {
    if (this.#reported.has(key)) return;
    this.#reported.set(key, true);
    this.#events.emit('refreshTokenUnreadable', { instanceId });
  }

  async #send<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      const value = await withTimeout(TIMEOUT_MS, work);
      this.#noteSuccess();
      return value;
    } catch (error) {
      const reason = failureReason(error);
      this.#failingSinceMs ??= performance.now();
      this.#events.emit('storeFailed', { store: 'refresh tokens', reason, sinceMs: this.#failingSinceMs });
      throw new WixUnavailableError(`The store of refresh tokens failed (${reason}).`, { cause: new Error(reason) });
    }
  }

  #noteSuccess(): void {
    if (this.#failingSinceMs === undefined) return;
    this.#failingSinceMs = undefined;
    this.#events.emit('storeRecovered', { store: 'refresh tokens' });
  }
}
