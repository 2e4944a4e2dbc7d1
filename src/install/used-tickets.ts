import { LRUCache } from 'lru-cache';

import type { SealedStore } from '../store/sealed-store.js';
import type { InstallTicket } from './install-ticket.js';

const MAX_ENTRIES = 10_000;

/** Sees to it that a ticket counts once: for certain in this process, and over all that share the store. */
export class UsedTickets {
  readonly #store: SealedStore;
  readonly #used = new LRUCache<string, true>({ max: MAX_ENTRIES });

  constructor(store: SealedStore) {
    this.#store = store;
  }

  /** Whether a ticket was used before. */
  async wasTaken({ id }: InstallTicket): Promise<boolean> {
    return this.#used.has(id) || (await this.#store.read(nameOf(id))) !== undefined;
  }

  /** Uses a ticket up. `false` when somebody was faster. */
  async take({ id, untilMs }: InstallTicket): Promise<boolean> {
    if (this.#used.has(id)) return false;
    this.#used.set(id, true);
    await this.#store.write(nameOf(id), true, untilMs);
    return true;
  }

  /** Lets a ticket be used again, because the installation was cut short by nobody's fault. */
  async giveBack({ id }: InstallTicket): Promise<void> {
    this.#used.delete(id);
    await this.#store.erase(nameOf(id));
  }
}

const nameOf = (id: string): string => `install-ticket:${id}`;
