import { LRUCache } from 'lru-cache';

import type { WixInstanceId } from '../../core/identities/wix-instance-id.js';

const MAX_INSTANCES = 10_000;

/** Since when each site has been without the app: what was signed before that is good no more. */
export class RemovedInstances {
  readonly #removedAtMs = new LRUCache<WixInstanceId, number>({ max: MAX_INSTANCES });

  /** Remembers a removal; an older one than the last changes nothing. */
  remember(instanceId: WixInstanceId, removedAtMs: number): void {
    this.#removedAtMs.set(instanceId, Math.max(removedAtMs, this.#removedAtMs.get(instanceId) ?? 0));
  }

  /** Whether the site removed the app after that moment. */
  removedSince(instanceId: WixInstanceId, momentMs: number): boolean {
    return momentMs < (this.#removedAtMs.get(instanceId) ?? 0);
  }
}
