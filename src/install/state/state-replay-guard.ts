import type { WixClock } from '../../core/clock.js';
import { WixUnavailableError } from '../../core/wix-auth.errors.js';
import type { SealedLease, SealedStore } from '../../store/sealed-store.js';
import { WixInstallError, type WixInstallErrorCode } from '../install.errors.js';

/** Something that can be used once: an OAuth state, the code of a callback, or a signed instance. */
export interface UsableOnce {
  readonly id: string;
  /** When it expires, in milliseconds since the epoch. */
  readonly untilMs: number;
  /** The error of a second use. */
  readonly ifUsed: WixInstallErrorCode;
}

interface Use {
  readonly untilMs: number;
  lease?: SealedLease;
}

// Callbacks are limited to fewer than that in the lifetime of what they use up. None is forgotten before its time.
const MAX_ENTRIES = 200_000;

/**
 * Makes sure that OAuth states, codes and signed instances count once: for certain in this process, and over all that share a
 * store which gives leases, while that can be reached. It fails open, since an OAuth state counts only in the browser it was
 * made for.
 */
export class StateReplayGuard {
  readonly #store: SealedStore;
  readonly #clock: WixClock;
  readonly #maxEntries: number;
  readonly #used = new Map<string, Use>();

  constructor(store: SealedStore, clock: WixClock, maxEntries = MAX_ENTRIES) {
    this.#store = store;
    this.#clock = clock;
    this.#maxEntries = maxEntries;
  }

  /** @throws {@link WixInstallError} when this process has seen it used. Asks nothing and writes nothing. */
  refuseUsedHere({ id, ifUsed }: Pick<UsableOnce, 'id' | 'ifUsed'>): void {
    if (this.#isUsedHere(id)) throw new WixInstallError(ifUsed, ALREADY_USED);
  }

  /**
   * Uses it up for some work. It may be used again when nothing was decided: Wix could not be asked, or the app failed.
   *
   * @throws {@link WixInstallError} when it was used before, here or in another process.
   */
  async during<Result>(once: UsableOnce, work: () => Promise<Result>): Promise<Result> {
    if (!(await this.#take(once))) throw new WixInstallError(once.ifUsed, ALREADY_USED);
    try {
      return await work();
    } catch (error) {
      if (isRetryable(error)) await this.#giveBack(once);
      throw error;
    }
  }

  async #take({ id, untilMs }: UsableOnce): Promise<boolean> {
    if (this.#isUsedHere(id)) return false;
    this.#makeRoom();
    const use: Use = { untilMs };
    this.#used.set(id, use);
    if ((await this.#store.read(nameOf(id))) !== undefined) return false;
    // Held until it expires, so that only one of all processes gets it.
    const lease = await this.#store.lease(nameOf(id), untilMs - this.#clock.nowMs());
    if (lease === 'held') return false;
    if (lease !== 'unavailable') use.lease = lease;
    await this.#store.write(nameOf(id), true, untilMs);
    return true;
  }

  async #giveBack({ id }: UsableOnce): Promise<void> {
    const use = this.#used.get(id);
    this.#used.delete(id);
    await this.#store.erase(nameOf(id));
    await use?.lease?.release();
  }

  #isUsedHere(id: string): boolean {
    return (this.#used.get(id)?.untilMs ?? 0) > this.#clock.nowMs();
  }

  // Forgetting one too early would let it be used again, so a new one is refused instead.
  #makeRoom(): void {
    if (this.#used.size < this.#maxEntries) return;
    for (const [id, { untilMs }] of this.#used) if (untilMs <= this.#clock.nowMs()) this.#used.delete(id);
    if (this.#used.size >= this.#maxEntries) {
      throw new WixUnavailableError('Too many installations at once to tell which of them were finished before.');
    }
  }
}

const ALREADY_USED = 'It has been used before.';

const nameOf = (id: string): string => `install-state:${id}`;

// Nothing was decided, or the app alone failed: reloading the page may do.
const isRetryable = (error: unknown): boolean =>
  error instanceof WixUnavailableError ||
  (error instanceof WixInstallError && ['WIX_INSTALL_UNAVAILABLE', 'WIX_INSTALL_HOOK_FAILED'].includes(error.code));
