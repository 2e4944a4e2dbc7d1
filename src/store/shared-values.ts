import { randomUUID } from 'node:crypto';

import type { WixClock } from '../core/clock.js';
import { isJsonObject } from '../core/json.js';
import { pause } from '../core/pause.js';
import type { Generations, SealedLease, SealedStore } from './sealed-store.js';

/** A value that all processes want and one of them is to obtain. */
export interface SharedWork<Value> {
  readonly name: string;
  /** The installation it is about, if one is known. */
  readonly instanceId: string | undefined;
  /** What a kept entry means; `undefined` when it will not do. */
  accept(entry: unknown): Value | undefined;
  obtain(): Promise<Value>;
  /** How the value is kept, and until when. */
  entryOf(value: Value): { readonly entry: unknown; readonly untilMs: number };
  /** Whether nobody has asked for it to be forgotten since the work began. */
  isStillValid(value: Value): boolean;
}

// Nothing is kept longer: forgetting must outlive what it is about.
const GENERATION_LIFE_MS = 24 * 3_600_000;
const NO_GENERATIONS: Generations = {};
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 200;
// A question to Wix may take its whole time; the answer still has to be written.
const TIME_TO_WRITE_MS = 1_000;
// When the lease of a process that died ends, all who wait have waited for as long; one of them still has to ask.
const TIME_TO_TAKE_OVER_MS = 2_000;

/**
 * Values of one kind that all processes share: whatever one has obtained the others find, and only one obtains it at a
 * time. Whatever the store does, the value is obtained.
 */
export class SharedValues {
  readonly #kind: string;
  readonly #store: SealedStore;
  readonly #clock: WixClock;
  readonly #leaseMs: number;

  /** @param questionMs how long obtaining a value may take. */
  constructor(kind: string, store: SealedStore, clock: WixClock, requestMs: number) {
    this.#kind = kind;
    this.#store = store;
    this.#clock = clock;
    this.#leaseMs = requestMs + TIME_TO_WRITE_MS;
  }

  /** Whether other processes see the values. */
  get areShared(): boolean {
    return this.#store.isShared;
  }

  /** The kept value, if there is one that will do. */
  async find<Value>(work: SharedWork<Value>): Promise<Value | undefined> {
    const stored = await this.#store.read(this.#nameOf(work));
    if (!isJsonObject(stored)) return undefined;
    const value = work.accept(stored['entry']);
    if (value === undefined) return undefined;
    return isCurrent(stored['generation'], await this.#generationOf(work)) ? value : undefined;
  }

  /** Obtains the value, or waits for the process that is obtaining it: as long as that may take, and no longer. */
  async obtain<Value>(work: SharedWork<Value>): Promise<Value> {
    if (!this.areShared) return this.#obtainAlone(work);
    const endMs = performance.now() + this.#leaseMs + TIME_TO_TAKE_OVER_MS;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const lease = await this.#store.lease(this.#nameOf(work), this.#leaseMs);
      if (lease === 'unavailable' || (lease === 'held' && performance.now() > endMs)) return this.#obtainAlone(work);
      if (lease !== 'held') return this.#findOrObtain(work, lease);
      await pause((0.5 + Math.random() / 2) * pauseMs);
      const found = await this.find(work);
      if (found !== undefined) return found;
    }
  }

  /** Obtains the value whatever is kept. What another process began to obtain earlier is not kept over it. */
  async obtainFresh<Value>(work: SharedWork<Value>): Promise<Value> {
    if (!this.areShared) return this.#obtainAlone(work);
    const lease = await this.#store.lease(this.#nameOf(work), this.#leaseMs, true);
    return typeof lease === 'string' ? this.#obtainAlone(work) : this.#obtainWith(work, lease);
  }

  /** Forgets one value. */
  async erase(name: string): Promise<void> {
    await this.#store.erase(this.#nameOf({ name }));
  }

  /**
   * Forgets one value if it is still the one meant. Not while some process is obtaining another: that one is written
   * over it, and must not be erased in its place.
   */
  async eraseIf(name: string, isMeant: (entry: unknown) => boolean): Promise<void> {
    const lease = await this.#store.lease(this.#nameOf({ name }), TIME_TO_WRITE_MS);
    if (lease === 'held') return;
    const stored = await this.#store.read(this.#nameOf({ name }));
    if (isJsonObject(stored) && isMeant(stored['entry'])) await this.erase(name);
    if (lease !== 'unavailable') await lease.release();
  }

  /** Forgets all values about an installation, also those that some process is just obtaining. */
  async forget(instanceId: string): Promise<void> {
    if (!this.areShared) return;
    await this.#store.mark(this.#generationName(instanceId), randomUUID(), this.#clock.nowMs() + GENERATION_LIFE_MS);
  }

  async #findOrObtain<Value>(work: SharedWork<Value>, lease: SealedLease): Promise<Value> {
    const found = await this.find(work);
    if (found === undefined) return this.#obtainWith(work, lease);
    await lease.release();
    return found;
  }

  async #obtainWith<Value>(work: SharedWork<Value>, lease: SealedLease): Promise<Value> {
    try {
      return await this.#obtainAndStore(work, (stored, untilMs) => lease.write(stored, untilMs));
    } finally {
      await lease.release();
    }
  }

  #obtainAlone<Value>(work: SharedWork<Value>): Promise<Value> {
    return this.#obtainAndStore(work, (stored, untilMs) => this.#store.write(this.#nameOf(work), stored, untilMs));
  }

  async #obtainAndStore<Value>(
    work: SharedWork<Value>,
    keep: (stored: unknown, untilMs: number) => Promise<void>,
  ): Promise<Value> {
    const generation = await this.#generationOf(work);
    const value = await work.obtain();
    if (generation === undefined || !work.isStillValid(value)) return value;
    const { entry, untilMs } = work.entryOf(value);
    await keep({ entry, generation }, Math.min(untilMs, this.#clock.nowMs() + GENERATION_LIFE_MS));
    // Forgotten while it was being written: then the store may have erased first and written last.
    if (!work.isStillValid(value)) await this.erase(work.name);
    return value;
  }

  async #generationOf({ instanceId }: SharedWork<unknown>): Promise<Generations | undefined> {
    if (instanceId === undefined || !this.areShared) return NO_GENERATIONS;
    return this.#store.generations(this.#generationName(instanceId));
  }

  #generationName(instanceId: string): string {
    return `${this.#kind}/generation/${instanceId}`;
  }

  #nameOf({ name }: { readonly name: string }): string {
    return `${this.#kind}:${name}`;
  }
}

// While a secret is being rotated, who wrote an entry and who reads it may know different ones: those both know count.
function isCurrent(generation: unknown, generations: Generations | undefined): boolean {
  if (!isJsonObject(generation) || generations === undefined) return false;
  return Object.entries(generations).every(([secret, mark]) => !(secret in generation) || generation[secret] === mark);
}
