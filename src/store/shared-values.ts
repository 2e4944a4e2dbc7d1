import { randomUUID } from 'node:crypto';

import type { WixClock } from '../core/clock.js';
import { isJsonObject } from '../core/values/json.js';
import { pause } from '../core/concurrency/pause.js';
import type { TimeBudget } from '../core/concurrency/with-timeout.js';
import type { TracedWork } from '../diagnostics/trace-channel.js';
import { Traces } from '../diagnostics/traces.js';
import { GenerationHistory } from './generation-history.js';
import type { Generations, SealedLease, SealedStore } from './sealed-store.js';
import { StoreBudget } from './store-circuit.js';

/** A value that all processes need and one of them obtains. */
export interface SharedWork<Value> {
  readonly name: string;
  /** The installation it is about, if one is known. */
  readonly instanceId: string | undefined;
  /** Reads a stored entry; `undefined` when it is not acceptable. */
  accept(entry: unknown): Value | undefined;
  obtain(): Promise<Value>;
  /** How the value is stored, and until when. */
  entryOf(value: Value): { readonly entry: unknown; readonly untilMs: number };
  /** Whether it was not invalidated since the work began. */
  isStillValid(value: Value): boolean;
}

// Nothing is stored longer: forgetting must outlive what it is about.
const GENERATION_LIFE_MS = 24 * 3_600_000;
const NO_GENERATIONS: Generations = {};
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 200;
// A request to Wix may take its whole time; the answer still has to be written.
const TIME_TO_WRITE_MS = 1_000;
// When the lease of a dead process expires, one of those that waited for it still has to ask Wix.
const TIME_TO_TAKE_OVER_MS = 2_000;

/**
 * Values of one kind that all processes share: what one has obtained the others find, and only one obtains it at a
 * time. Whatever the store does, the value is obtained.
 */
export class SharedValues {
  readonly #kind: string;
  readonly #store: SealedStore;
  readonly #clock: WixClock;
  readonly #leaseMs: number;
  readonly #history: GenerationHistory;
  readonly #traces: Traces;

  /** @param requestMs how many milliseconds obtaining a value may take. */
  constructor(kind: string, store: SealedStore, clock: WixClock, requestMs: number, traces = new Traces()) {
    this.#traces = traces;
    this.#kind = kind;
    this.#store = store;
    this.#clock = clock;
    this.#leaseMs = requestMs + TIME_TO_WRITE_MS;
    this.#history = new GenerationHistory(clock, GENERATION_LIFE_MS);
  }

  /** Whether other processes see the values. */
  get areShared(): boolean {
    return this.#store.isShared;
  }

  /** The stored value, if there is an acceptable one. */
  async find<Value>(work: SharedWork<Value>): Promise<Value | undefined> {
    const [stored, generations] = await Promise.all([this.#store.read(this.#nameOf(work)), this.#generationOf(work)]);
    return acceptedOf(work, stored, generations);
  }

  /**
   * The stored value, if there is one that serves; else obtains it, or waits for the process that is obtaining it: as long
   * as that may take, and no longer. Takes two round trips to the store.
   */
  async obtain<Value>(work: SharedWork<Value>): Promise<Value> {
    if (!this.areShared) return (await this.find(work)) ?? this.#obtainAlone(work, NO_GENERATIONS);
    let waiting: TracedWork<'lease'> | undefined;
    try {
      return await this.#obtainShared(work, () => {
        waiting ??= this.#traces.lease.begin(() => ({ kind: this.#kind }));
      });
    } finally {
      waiting?.succeeded();
    }
  }

  async #obtainShared<Value>(work: SharedWork<Value>, onWait: () => void): Promise<Value> {
    const endMs = performance.now() + this.#leaseMs + TIME_TO_TAKE_OVER_MS;
    let useless: string | undefined;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const budget = new StoreBudget();
      const [{ value, sealed, lease }, generations] = await Promise.all([
        this.#store.readOrLease(this.#nameOf(work), this.#leaseMs, useless, budget),
        this.#generationOf(work, budget),
      ]);
      const accepted = acceptedOf(work, value, generations);
      if (accepted !== undefined) {
        if (typeof lease === 'object') await lease.release(budget);
        return accepted;
      }
      if (typeof lease === 'object') return this.#obtainWith(work, lease, generations, budget);
      // A value that may not be current cannot be replaced either.
      const isUnclear = lease === undefined && generations === undefined;
      if (isUnclear || lease === 'unavailable' || performance.now() > endMs) {
        return this.#obtainAlone(work, generations, budget);
      }
      if (lease === 'held') {
        onWait();
        await pause((0.5 + Math.random() / 2) * pauseMs);
      } else useless = sealed;
    }
  }

  /** Obtains the value whatever is stored. What another process began to obtain earlier does not replace it. */
  async obtainFresh<Value>(work: SharedWork<Value>): Promise<Value> {
    if (!this.areShared) return this.#obtainAlone(work, NO_GENERATIONS);
    const [lease, generations] = await Promise.all([
      this.#store.lease(this.#nameOf(work), this.#leaseMs, true),
      this.#generationOf(work),
    ]);
    if (typeof lease === 'string') return this.#obtainAlone(work, generations);
    return this.#obtainWith(work, lease, generations);
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
    const untilMs = this.#clock.nowMs() + GENERATION_LIFE_MS;
    const marks = await this.#store.mark(this.#generationName(instanceId), randomUUID(), untilMs);
    // Also when it could not be written: then the older mark is noticed as such once the store is back.
    this.#history.isRolledBack(instanceId, marks);
  }

  async #obtainWith<Value>(
    work: SharedWork<Value>,
    lease: SealedLease,
    generations: Generations | undefined,
    budget?: TimeBudget,
  ): Promise<Value> {
    let release = (): Promise<void> => lease.release(budget);
    try {
      return await this.#obtainAndStore(work, generations, async (stored, untilMs) => {
        release = () => Promise.resolve();
        await lease.writeAndRelease(stored, untilMs, budget);
      });
    } finally {
      await release();
    }
  }

  #obtainAlone<Value>(
    work: SharedWork<Value>,
    generations: Generations | undefined,
    budget?: TimeBudget,
  ): Promise<Value> {
    return this.#obtainAndStore(work, generations, (stored, untilMs) =>
      this.#store.write(this.#nameOf(work), stored, untilMs, budget),
    );
  }

  async #obtainAndStore<Value>(
    work: SharedWork<Value>,
    generation: Generations | undefined,
    keep: (stored: unknown, untilMs: number) => Promise<void>,
  ): Promise<Value> {
    const value = await work.obtain();
    if (generation === undefined || !work.isStillValid(value)) return value;
    const { entry, untilMs } = work.entryOf(value);
    await keep({ entry, generation }, Math.min(untilMs, this.#clock.nowMs() + GENERATION_LIFE_MS));
    // Forgotten while it was being written: then the store may have erased first and written last.
    if (!work.isStillValid(value)) await this.erase(work.name);
    return value;
  }

  async #generationOf({ instanceId }: SharedWork<unknown>, budget?: TimeBudget): Promise<Generations | undefined> {
    if (instanceId === undefined || !this.areShared) return NO_GENERATIONS;
    const generations = await this.#store.generations(this.#generationName(instanceId), budget);
    if (generations === undefined || !this.#history.isRolledBack(instanceId, generations)) return generations;
    // Marked anew, so that what was restored with the old mark stays forgotten.
    await this.forget(instanceId);
    return undefined;
  }

  #generationName(instanceId: string): string {
    return `${this.#kind}/generation/${instanceId}`;
  }

  #nameOf({ name }: { readonly name: string }): string {
    return `${this.#kind}:${name}`;
  }
}

function acceptedOf<Value>(
  work: SharedWork<Value>,
  stored: unknown,
  generations: Generations | undefined,
): Value | undefined {
  return isJsonObject(stored) && isCurrent(stored['generation'], generations)
    ? work.accept(stored['entry'])
    : undefined;
}

// While a secret is being rotated, who wrote an entry and who reads it may know different ones: those both know count.
function isCurrent(generation: unknown, generations: Generations | undefined): boolean {
  if (!isJsonObject(generation) || generations === undefined) return false;
  return Object.entries(generations).every(([secret, mark]) => !(secret in generation) || generation[secret] === mark);
}
