import { BoundedCache } from '../../core/bounded-cache.js';
import type { WixClock } from '../../core/clock.js';
import { WixUnavailableError } from '../../core/wix-auth.errors.js';

const LONGEST_MS = 60_000;

/** Installations that Wix throttles, per kind of traffic: its quota is per installation. */
export class ThrottledInstallations {
  readonly #untilMs = new BoundedCache<string, number>();
  readonly #clock: WixClock;

  constructor(clock: WixClock) {
    this.#clock = clock;
  }

  /** Wix answered 429. Without `Retry-After` nothing is closed: the backoff of the request has to do. */
  note(lane: string, instanceId: string, retryAfterMs: number | undefined): void {
    if (retryAfterMs === undefined || retryAfterMs <= 0) return;
    this.#untilMs.set(keyOf(lane, instanceId), this.#clock.nowMs() + Math.min(retryAfterMs, LONGEST_MS));
  }

  /** Why a request is not to be sent; `undefined` when it may be. */
  errorFor(lane: string, instanceId: string): WixUnavailableError | undefined {
    const waitMs = (this.#untilMs.get(keyOf(lane, instanceId)) ?? 0) - this.#clock.nowMs();
    if (waitMs <= 0) return undefined;
    return new WixUnavailableError('Wix throttles requests for this installation.', {
      retryAfterMs: waitMs,
      isOutage: true,
    });
  }
}

const keyOf = (lane: string, instanceId: string): string => `${lane} ${instanceId}`;
