import { LRUCache } from 'lru-cache';

import type { WixClock } from '../../core/clock.js';
import type { SealedLease, SealedStore } from '../../store/sealed-store.js';

/** Something that counts once: a ticket, or the code of a callback. */
export interface UsableOnce {
  readonly id: string;
  /** When it counts for nothing any more, in milliseconds since the epoch. */
  readonly untilMs: number;
}

const MAX_ENTRIES = 10_000;

/**
 * Sees to it that tickets and codes count once: for certain in this process, and over all that share a store which
 * gives leases, while that can be reached. It fails open, since a ticket counts in the browser it was made for alone.
 */
export class StateReplayGuard {
  readonly #store: SealedStore;
  readonly #clock: WixClock;
  readonly #used = new LRUCache<string, { lease?: SealedLease }>({ max: MAX_ENTRIES });

  constructor(store: SealedStore, clock: WixClock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Whether it was used before. */
  async wasTaken({ id }: Pick<UsableOnce, 'id'>): Promise<boolean> {
    return this.#used.has(id) || (await this.#store.read(nameOf(id))) !== undefined;
  }

  /** Uses it up. `false` when somebody was faster. */
  async take({ id, untilMs }: UsableOnce): Promise<boolean> {
    if (this.#used.has(id)) return false;
    const use: { lease?: SealedLease } = {};
    this.#used.set(id, use);
    // Kept to the end, and not only while something is done: of all processes, one gets it.
    const lease = await this.#store.lease(nameOf(id), untilMs - this.#clock.nowMs());
    if (lease === 'held') return false;
    if (lease !== 'unavailable') use.lease = lease;
    await this.#store.write(nameOf(id), true, untilMs);
    return true;
  }

  /** Lets it be used again, because the installation was cut short by nobody's fault. */
  async giveBack({ id }: Pick<UsableOnce, 'id'>): Promise<void> {
    const use = this.#used.get(id);
    this.#used.delete(id);
    await this.#store.erase(nameOf(id));
    await use?.lease?.release();
  }
}

const nameOf = (id: string): string => `install-state:${id}`;
