import { BoundedCache } from '../bounded-cache.js';

/**
 * Tells whether an answer was requested before its subject was invalidated, and so must not be cached.
 * Call {@link now} when asking and {@link isStale} when the answer is there.
 */
export class InvalidationEpochs {
  readonly #forgottenAt = new BoundedCache<string, number>({
    // An evicted entry counts as an invalidation of every subject: one request too many is better than a stale cache.
    dispose: (step, _subject, reason) => {
      if (reason === 'evict') this.#forgottenForAllAt = Math.max(this.#forgottenForAllAt, step);
    },
  });
  #step = 0;
  #forgottenForAllAt = 0;

  /** The current epoch. */
  now(): number {
    return this.#step;
  }

  /** Makes every answer requested until now stale for a subject. */
  forget(subject: string): void {
    this.#step += 1;
    this.#forgottenAt.set(subject, this.#step);
  }

  /** Whether the subject was forgotten since that moment. */
  isStale(subject: string, epoch: number): boolean {
    return Math.max(this.#forgottenForAllAt, this.#forgottenAt.get(subject) ?? 0) > epoch;
  }
}
