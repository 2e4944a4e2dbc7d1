import type { StoreLease, WixClock } from 'nestjs-wix-auth';

import { MapTokenStore } from '../../support/map-token-store.js';

/** What can be wrong with a token store. */
export type StoreFlaw =
  | 'knows everything'
  | 'keeps nothing'
  | 'keeps the first'
  | 'keeps the first lifetime'
  | 'keeps for ever'
  | 'refuses short lives'
  | 'cuts values'
  | 'ignores case'
  | 'keeps a few'
  | 'never deletes'
  | 'minds unknown keys'
  | 'deletes for good'
  | 'leases to everybody'
  | 'leases one key'
  | 'leases where nothing is stored'
  | 'never takes leases back'
  | 'leases for ever'
  | 'writes without a lease'
  | 'takes leases back from anybody'
  | 'never takes over'
  | 'takes over what is held only'
  | 'takes over without an end';

interface Held {
  readonly lease: StoreLease;
  readonly untilMs: number;
}

/** A token store in which one thing may be wrong. */
export class FlawedStore extends MapTokenStore {
  readonly #leases = new Map<string, Held>();
  readonly #deleted = new Set<string>();
  readonly #lifetimesMs = new Map<string, number>();
  readonly #clock: WixClock;
  readonly #flaw: StoreFlaw | undefined;

  constructor(clock: WixClock, flaw?: StoreFlaw) {
    super(true, clock);
    this.#clock = clock;
    this.#flaw = flaw;
  }

  override async get(key: string): Promise<string | undefined> {
    if (this.#has('knows everything')) return (await super.get(key)) ?? '';
    return super.get(this.#keyOf(key));
  }

  override async set(key: string, value: string, ttlMs: number): Promise<void> {
    if (this.#has('keeps nothing') || this.#deleted.has(key)) return;
    if (this.#has('keeps a few') && this.entries.size > 100) return;
    if (this.#has('keeps the first') && this.entries.has(key)) return;
    if (this.#has('refuses short lives') && ttlMs < 10) throw new Error('Too short.');
    await super.set(
      this.#keyOf(key),
      this.#has('cuts values') ? value.slice(0, 9_999) : value,
      this.#lifeOf(key, ttlMs),
    );
  }

  override async delete(key: string): Promise<void> {
    if (this.#has('minds unknown keys') && !this.entries.has(key)) throw new Error('Unknown.');
    if (this.#has('deletes for good')) this.#deleted.add(key);
    if (!this.#has('never deletes')) await super.delete(this.#keyOf(key));
  }

  override lease(key: string, ttlMs: number, takeOver = false): Promise<StoreLease | undefined> {
    const slot = this.#has('leases one key') ? '' : key;
    if (!this.#isFree(slot, key, takeOver)) return Promise.resolve(undefined);
    const isEndless = this.#has('leases for ever') || (takeOver && this.#has('takes over without an end'));
    const lease = this.#leaseOf(slot, key);
    this.#leases.set(slot, { lease, untilMs: isEndless ? Infinity : this.#clock.nowMs() + ttlMs });
    return Promise.resolve(lease);
  }

  #isFree(slot: string, key: string, takeOver: boolean): boolean {
    if (this.#has('leases to everybody')) return true;
    if (this.#has('leases where nothing is stored') && this.entries.has(key)) return false;
    const isHeld = this.#holderOf(slot) !== undefined;
    if (takeOver && this.#has('takes over what is held only')) return isHeld;
    return !isHeld || (takeOver && !this.#has('never takes over'));
  }

  #leaseOf(slot: string, key: string): StoreLease {
    const lease = {
      set: async (value: string, ttlMs: number) => {
        if (this.#holderOf(slot) !== lease && !this.#has('writes without a lease')) return false;
        await this.set(key, value, ttlMs);
        return true;
      },
      release: () => {
        const isTheirs = this.#holderOf(slot) === lease || this.#has('takes leases back from anybody');
        if (isTheirs && !this.#has('never takes leases back')) this.#leases.delete(slot);
        return Promise.resolve();
      },
    };
    return lease;
  }

  #holderOf(slot: string): StoreLease | undefined {
    const held = this.#leases.get(slot);
    return held !== undefined && held.untilMs > this.#clock.nowMs() ? held.lease : undefined;
  }

  #lifeOf(key: string, ttlMs: number): number {
    if (this.#has('keeps for ever')) return Infinity;
    if (!this.#has('keeps the first lifetime')) return ttlMs;
    this.#lifetimesMs.set(key, this.#lifetimesMs.get(key) ?? ttlMs);
    return this.#lifetimesMs.get(key) ?? ttlMs;
  }

  #keyOf(key: string): string {
    return this.#has('ignores case') ? key.toLowerCase() : key;
  }

  #has(flaw: StoreFlaw): boolean {
    return this.#flaw === flaw;
  }
}
