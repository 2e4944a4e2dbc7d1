import { BoundedCache } from '../../core/bounded-cache.js';
import type { WixClock } from '../../core/clock.js';
import type { WixInstanceId } from '../../core/identities/wix-instance-id.js';
import type { SealedStore } from '../../store/sealed-store.js';
import { RemovedInstances } from '../caches/removed-instances.js';

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
  readonly #seenAtMs = new BoundedCache<string, number>({ max: MAX_INSTALLATIONS });
  readonly #removed = new RemovedInstances();
  readonly #writtenAtMs = new BoundedCache<string, number>({ max: MAX_INSTALLATIONS });

  constructor(store: SealedStore, clock: WixClock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Whether this process has seen it prove genuine. */
  isKnownHere(instanceId: string): boolean {
    const seenAtMs = this.#seenAtMs.get(instanceId);
    return seenAtMs !== undefined && this.#clock.nowMs() - seenAtMs < KNOWN_FOR_MS;
  }

  /** Whether any process has seen it. */
  async isKnown(instanceId: string): Promise<boolean> {
    if (this.isKnownHere(instanceId)) return true;
    if (!this.#store.isShared) return false;
    const seenAtMs = await this.#store.read(nameOf(instanceId));
    if (typeof seenAtMs !== 'number') return false;
    this.#seenAtMs.set(instanceId, seenAtMs);
    return this.isKnownHere(instanceId);
  }

  /**
   * Records that it proved genuine.
   *
   * @param provedAtMs when Wix signed what proves it. Proofs from before the site removed the app do not count.
   */
  note(instanceId: WixInstanceId, provedAtMs = this.#clock.nowMs()): void {
    const nowMs = this.#clock.nowMs();
    const seenAtMs = Math.max(Math.min(provedAtMs, nowMs), this.#seenAtMs.get(instanceId) ?? -Infinity);
    if (nowMs - seenAtMs >= KNOWN_FOR_MS || this.#removed.removedSince(instanceId, provedAtMs)) return;
    this.#seenAtMs.set(instanceId, seenAtMs);
    this.#share(instanceId, seenAtMs);
  }

  /** Records that its site removed the app. */
  forgetHere(instanceId: WixInstanceId, removedAtMs: number): void {
    this.#removed.remember(instanceId, removedAtMs);
    this.#seenAtMs.delete(instanceId);
    this.#writtenAtMs.delete(instanceId);
  }

  /** The same, for all processes. */
  async forget(instanceId: WixInstanceId, removedAtMs: number): Promise<void> {
    this.forgetHere(instanceId, removedAtMs);
    if (this.#store.isShared) await this.#store.erase(nameOf(instanceId));
  }

  // Once an hour at most: the others are told that it was seen an hour later, so that it does not run out in between.
  #share(instanceId: string, seenAtMs: number): void {
    const lastMs = this.#writtenAtMs.get(instanceId) ?? -Infinity;
    if (!this.#store.isShared || seenAtMs - lastMs < WRITE_AGAIN_AFTER_MS) return;
    this.#writtenAtMs.set(instanceId, seenAtMs);
    const sharedMs = seenAtMs + WRITE_AGAIN_AFTER_MS;
    void this.#store.write(nameOf(instanceId), sharedMs, sharedMs + KNOWN_FOR_MS);
  }
}

const nameOf = (instanceId: string): string => `known installation:${instanceId}`;
