import type { StoreLease } from '../../src/store/token-store.js';
import { MapTokenStore } from './map-token-store.js';

/** A shared store in a map, where one at a time may obtain what belongs under a key. */
export class LeasingTokenStore extends MapTokenStore {
  readonly #holders = new Map<string, object>();
  /** How often a lease was requested. */
  leasesWanted = 0;

  constructor() {
    super(true);
  }

  /** How many leases were not given back. */
  get leasesHeld(): number {
    return this.#holders.size;
  }

  /** Lets all leases run out. */
  endLeases(): void {
    this.#holders.clear();
  }

  override lease(
    ...[key, , takeOver = false]: [key: string, ttlMs: number, takeOver?: boolean]
  ): Promise<StoreLease | undefined> {
    this.leasesWanted += 1;
    if (this.#holders.has(key) && !takeOver) return Promise.resolve(undefined);
    const holder = {};
    this.#holders.set(key, holder);
    return Promise.resolve(this.#leaseOf(key, holder));
  }

  #leaseOf(key: string, holder: object): StoreLease {
    const isHeld = (): boolean => this.#holders.get(key) === holder;
    return {
      set: async (value, ttlMs) => {
        if (isHeld()) await this.set(key, value, ttlMs);
        return isHeld();
      },
      release: () => {
        if (isHeld()) this.#holders.delete(key);
        return Promise.resolve();
      },
    };
  }
}
