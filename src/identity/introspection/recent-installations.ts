import { LRUCache } from 'lru-cache';

import type { WixClock } from '../../core/clock.js';
import type { SealedStore } from '../../store/sealed-store.js';

const HOUR_MS = 3_600_000;
const KNOWN_FOR_MS = 24 * HOUR_MS;
const WRITE_AGAIN_AFTER_MS = HOUR_MS;
const MAX_INSTALLATIONS = 50_000;

/**
 * The installations that proved genuine in the last 24 hours: by an access token Wix vouched for, a valid signed
 * instance or a verified event. Shared with other processes and with those that come after a deploy.
 */
export class RecentInstallations {
  readonly #store: SealedStore;
  readonly #clock: WixClock;
  readonly #seenAtMs = new LRUCache<string, number>({ max: MAX_INSTALLATIONS });
  readonly #writtenAtMs = new LRUCache<string, number>({ max: MAX_INSTALLATIONS });

  constructor(store: SealedStore, clock: WixClock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Whether this process has seen it prove genuine. */
  isKnownHere(instanceId: string): boolean {
    const seenAtMs = this.#seenAtMs.get(instanceId);
    return seenAtMs !== undefined && this.#clock.nowMs() - seenAtMs < KNOWN_FOR_MS;
  }

  /** Whether any process has. */
  async isKnown(instanceId: string): Promise<boolean> {
    if (this.isKnownHere(instanceId)) return true;
    if (!this.#store.isShared) return false;
    const seenAtMs = await this.#store.read(nameOf(instanceId));
    if (typeof seenAtMs !== 'number') return false;
    this.#seenAtMs.set(instanceId, seenAtMs);
    return this.isKnownHere(instanceId);
  }

  /** It has just proved genuine. */
  note(instanceId: string): void {
    const nowMs = this.#clock.nowMs();
    this.#seenAtMs.set(instanceId, nowMs);
    if (!this.#store.isShared || nowMs - (this.#writtenAtMs.get(instanceId) ?? -Infinity) < WRITE_AGAIN_AFTER_MS)
      return;
    this.#writtenAtMs.set(instanceId, nowMs);
    void this.#store.write(
      nameOf(instanceId),
      nowMs + WRITE_AGAIN_AFTER_MS,
      nowMs + KNOWN_FOR_MS + WRITE_AGAIN_AFTER_MS,
    );
  }

  /** Its site removed the app. */
  forgetHere(instanceId: string): void {
    this.#seenAtMs.delete(instanceId);
    this.#writtenAtMs.delete(instanceId);
  }

  /** The same, for all processes. */
  async forget(instanceId: string): Promise<void> {
    this.forgetHere(instanceId);
    if (this.#store.isShared) await this.#store.erase(nameOf(instanceId));
  }
}

const nameOf = (instanceId: string): string => `known installation:${instanceId}`;
