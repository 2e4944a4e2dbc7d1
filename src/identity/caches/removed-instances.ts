import { BoundedCache } from '../../core/bounded-cache.js';
import type { WixInstanceId } from '../../core/identities/wix-instance-id.js';

/** When each site removed the app: nothing signed before that is accepted any more. */
export class RemovedInstances {
  readonly #removedAtMs = new BoundedCache<WixInstanceId, number>();

  /** Remembers a removal; an older one than the last changes nothing. */
  remember(instanceId: WixInstanceId, removedAtMs: number): void {
    this.#removedAtMs.set(instanceId, Math.max(removedAtMs, this.#removedAtMs.get(instanceId) ?? 0));
  }

  /** Whether the site removed the app after that moment. */
  removedSince(instanceId: WixInstanceId, momentMs: number): boolean {
    return momentMs < (this.#removedAtMs.get(instanceId) ?? 0);
  }
}
