import { BoundedCache } from '../core/bounded-cache.js';
import type { WixClock } from '../core/clock.js';
import type { Generations } from './sealed-store.js';

interface Seen {
  readonly current: string;
  /** Earlier generations, and when nothing from them can be left. */
  readonly earlier: Map<string, number>;
}

const MAX_EARLIER = 20;

/**
 * Notices a store that was rolled back. A mark of what was forgotten is sealed and cannot be forged, but an old one can be
 * put back, with the entries from before: by a writer to the store, a backup, or a replica that was behind. A process
 * that has seen a later mark does not fall for it.
 */
export class GenerationHistory {
  readonly #clock: WixClock;
  readonly #lifeMs: number;
  readonly #seen = new BoundedCache<string, Seen>();

  /** @param lifeMs how long entries of a generation are stored at most, in milliseconds. */
  constructor(clock: WixClock, lifeMs: number) {
    this.#clock = clock;
    this.#lifeMs = lifeMs;
  }

  /** Whether these marks are older than those this process has seen of a subject; else they are the latest now. */
  isRolledBack(subject: string, generations: Generations): boolean {
    const found = JSON.stringify(generations);
    const { current = found, earlier = new Map<string, number>() } = this.#seen.get(subject) ?? {};
    if ((earlier.get(found) ?? 0) > this.#clock.nowMs()) return true;
    if (current !== found) this.#supersede(earlier, current);
    // One whose time is over may come again: marks end, too.
    earlier.delete(found);
    this.#seen.set(subject, { current: found, earlier });
    return false;
  }

  #supersede(earlier: Map<string, number>, generation: string): void {
    const [oldest] = earlier.keys();
    if (earlier.size >= MAX_EARLIER && oldest !== undefined) earlier.delete(oldest);
    earlier.set(generation, this.#clock.nowMs() + this.#lifeMs);
  }
}
