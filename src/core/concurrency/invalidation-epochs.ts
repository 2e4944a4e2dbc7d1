import { BoundedCache } from '../bounded-cache.js';

/**
 * Tells whether an answer was requested before something was forgotten, and so must not be cached.
 * Call {@link now} when asking and {@link isOutdated} when the answer is there.
 */
export class InvalidationEpochs {
  readonly #forgottenAt = new BoundedCache<string, number>({
    // What no longer fits in counts as forgotten for every subject: better to ask once too often than to cache too much.
    dispose: (step, _subject, reason) => {
      if (reason === 'evict') this.#forgottenForAllAt = Math.max(this.#forgottenForAllAt, step);
    },
  });
  #step = 0;
  #forgottenForAllAt = 0;

  /** The present moment, in steps of forgetting. */
  now(): number {
    return this.#step;
  }

  /** Makes every answer asked for until now outdated for a subject. */
  forget(subject: string): void {
    this.#step += 1;
    this.#forgottenAt.set(subject, this.#step);
  }

  /** Whether the subject was forgotten since that moment. */
  isStale(subject: string, epoch: number): boolean {
    return Math.max(this.#forgottenForAllAt, this.#forgottenAt.get(subject) ?? 0) > epoch;
  }
}
