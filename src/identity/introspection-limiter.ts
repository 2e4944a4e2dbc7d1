import { RateLimiterMemory } from 'rate-limiter-flexible';

import { WixUnavailableError } from '../core/wix-auth.errors.js';

const RETRY_AFTER_MS = 1_000;

/**
 * Bounds how many questions go to Wix. An invented token that names our public app id passes every check that can be
 * made here, so without a bound anybody could make us flood Wix.
 */
export class IntrospectionLimiter {
  readonly #rate: RateLimiterMemory;
  readonly #maxPending: number;
  #pending = 0;

  constructor(requestsPerSecond: number) {
    this.#rate = new RateLimiterMemory({ points: requestsPerSecond, duration: 1 });
    this.#maxPending = 2 * requestsPerSecond;
  }

  /**
   * Asks when there is room for one more question.
   *
   * @throws {@link WixUnavailableError} when there is none, with the advice to come back in a second.
   */
  async run<Answer>(send: () => Promise<Answer>): Promise<Answer> {
    this.#pending += 1;
    try {
      await this.#admit();
      return await send();
    } finally {
      this.#pending -= 1;
    }
  }

  async #admit(): Promise<void> {
    if (this.#pending <= this.#maxPending && (await this.#takePoint())) return;
    throw new WixUnavailableError('Too many unknown tokens at once; known ones are not affected.', {
      retryAfterMs: RETRY_AFTER_MS,
    });
  }

  #takePoint(): Promise<boolean> {
    return this.#rate.consume('token-info').then(
      () => true,
      () => false,
    );
  }
}
