import { BoundedCache } from '../core/bounded-cache.js';
import { pause } from '../core/concurrency/pause.js';
import { SingleFlight } from '../core/concurrency/single-flight.js';
import type { WixInstanceId } from '../core/identities/wix-instance-id.js';
import type { SealedStore } from '../store/sealed-store.js';

const AGAIN_AFTER_MS = 30_000;
const PAUSES_MS = [5, 10, 20, 40];

/**
 * Limits requests made before a refusal: at most one every thirty seconds per installation, over all processes.
 * Requests in between use, or wait for, the answer to the first.
 */
export class RegrantThrottle {
  readonly #store: SealedStore;
  readonly #what: string;
  readonly #lastMs = new BoundedCache<WixInstanceId, number>();
  readonly #claims = new SingleFlight<number>();

  /** @param what names, among the leases of all processes, what is asked for again. */
  constructor(store: SealedStore, what = 'asked again') {
    this.#store = store;
    this.#what = what;
  }

  /** The moment since which an answer must have been asked for to be final, for a caller who came at `nowMs`. */
  async sinceMs(instanceId: WixInstanceId, nowMs: number): Promise<number> {
    const lastMs = this.#lastMs.get(instanceId);
    if (lastMs !== undefined && lastMs + AGAIN_AFTER_MS > nowMs) return lastMs;
    if (!this.#store.isShared) return this.#remember(instanceId, nowMs);
    return this.#claims.run(instanceId, async () => this.#remember(instanceId, await this.#claim(instanceId, nowMs)));
  }

  /** Lets the next refusal ask again at once. */
  forget(instanceId: WixInstanceId): void {
    this.#lastMs.delete(instanceId);
  }

  #remember(instanceId: WixInstanceId, sinceMs: number): number {
    this.#lastMs.set(instanceId, sinceMs);
    return sinceMs;
  }

  // The lease is never given back: it ends when it is time to ask again.
  async #claim(instanceId: WixInstanceId, nowMs: number): Promise<number> {
    const name = `${this.#what}:${instanceId}`;
    const lease = await this.#store.lease(name, AGAIN_AFTER_MS);
    if (lease === 'unavailable') return nowMs;
    if (lease === 'held') return (await this.#sinceOfHolder(name)) ?? nowMs;
    await lease.write(nowMs, nowMs + AGAIN_AFTER_MS);
    return nowMs;
  }

  // The holder of a new lease may not have written yet. A holder that never writes has obtained nothing.
  async #sinceOfHolder(name: string): Promise<number | undefined> {
    for (const pauseMs of PAUSES_MS) {
      const sinceMs = await this.#store.read(name);
      if (typeof sinceMs === 'number') return sinceMs;
      await pause(pauseMs);
    }
    return undefined;
  }
}
