import { RateLimiterMemory } from 'rate-limiter-flexible';

import { WixUnavailableError } from '../core/wix-auth.errors.js';

const RETRY_AFTER_MS = 1_000;

/**
 * Bounds how many questions go to Wix. An invented token that names our public app id passes every check that can be
 * made here, so without a bound anybody could make us flood Wix.
 */
export class QuestionLimiter {
  readonly #rate: RateLimiterMemory;
  readonly #maxPending: number;

  constructor(questionsPerSecond: number) {
    this.#rate = new RateLimiterMemory({ points: questionsPerSecond, duration: 1 });
    this.#maxPending = 2 * questionsPerSecond;
  }

  /** @throws {@link WixUnavailableError} when there are too many, with the advice to come back in a second. */
  async admit(pending: number): Promise<void> {
    const admitted = pending < this.#maxPending && (await this.#takePoint());
    if (!admitted) {
      throw new WixUnavailableError('Too many unknown tokens at once; known ones are not affected.', {
        retryAfterMs: RETRY_AFTER_MS,
      });
    }
  }

  #takePoint(): Promise<boolean> {
    return this.#rate.consume('token-info').then(
      () => true,
      () => false,
    );
  }
}
