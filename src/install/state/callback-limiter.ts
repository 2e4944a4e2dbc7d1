import type { RateLimiterMemory } from 'rate-limiter-flexible';

import { WixUnavailableError } from '../../core/wix-auth.errors.js';

/** What proves a callback: a code, a signature of the site's owner, or only an installation's id. */
export type CallbackProof = 'code' | 'signature' | 'none';

const PER_SECOND = 10;
const MAX_PENDING = 32;
const RETRY_AFTER_MS = 5_000;

/**
 * Limits the work caused by callbacks that passed every offline check. Each kind of proof has a share of its
 * own: invented codes and ids do not hold up installations that Wix signed.
 */
export class CallbackLimiter {
  #rate: Promise<RateLimiterMemory> | undefined;
  readonly #pending = new Map<CallbackProof, number>();

  /** @throws {@link WixUnavailableError} when there is no room. */
  async run<Result>(proof: CallbackProof, work: () => Promise<Result>): Promise<Result> {
    const pending = this.#pending.get(proof) ?? 0;
    if (pending >= MAX_PENDING || !(await this.#takePoint(proof))) {
      throw new WixUnavailableError('Too many installations at once.', { retryAfterMs: RETRY_AFTER_MS });
    }
    this.#add(proof, 1);
    try {
      return await work();
    } finally {
      this.#add(proof, -1);
    }
  }

  async #takePoint(proof: CallbackProof): Promise<boolean> {
    this.#rate ??= rateLimiter();
    const rate = await this.#rate;
    return rate.consume(proof).then(
      () => true,
      () => false,
    );
  }

  #add(proof: CallbackProof, count: number): void {
    this.#pending.set(proof, (this.#pending.get(proof) ?? 0) + count);
  }
}

// Loaded with the first callback: applications without `install` have none.
async function rateLimiter(): Promise<RateLimiterMemory> {
  const { RateLimiterMemory } = await import('rate-limiter-flexible');
  return new RateLimiterMemory({ points: PER_SECOND, duration: 1 });
}
