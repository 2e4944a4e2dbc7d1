import { BoundedCache } from '../../core/bounded-cache.js';
import type { AnyWixIdentity } from '../../core/identities/wix-identity.js';
import type { WixInstanceId } from '../../core/identities/wix-instance-id.js';

/** When the plan of each site changed last: a plan that a credential from before tells is out of date. */
export class PlanChanges {
  readonly #changedAtMs = new BoundedCache<WixInstanceId, number>();

  /** Remembers a change; an older one than the last changes nothing. */
  remember(instanceId: WixInstanceId, changedAtMs: number): void {
    this.#changedAtMs.set(instanceId, Math.max(changedAtMs, this.#changedAtMs.get(instanceId) ?? 0));
  }

  /** The plan that a credential tells, unless it is out of date. */
  planToldBy({ instanceId, vendorProductId, issuedAt }: AnyWixIdentity): string | undefined {
    if (vendorProductId === undefined) return undefined;
    const changedAtMs = this.#changedAtMs.get(instanceId);
    if (changedAtMs === undefined) return vendorProductId;
    return issuedAt !== undefined && issuedAt.getTime() >= changedAtMs ? vendorProductId : undefined;
  }
}
