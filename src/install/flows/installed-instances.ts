import type { WixInstanceId } from '../../core/identities/wix-instance-id.js';
import type { WixInstance } from '../../grants/instances/wix-instance.js';

/** A cache with entries about an installation. */
interface InstanceCache {
  forget(instanceId: WixInstanceId): Promise<void>;
}

/** The caches with entries that an installation makes stale. */
export interface InstanceCaches {
  /** What Wix says of an installation, requested anew. */
  readonly instances: { now(instanceId: WixInstanceId): Promise<WixInstance> };
  readonly tokens: InstanceCache;
  readonly identities: InstanceCache;
  readonly grants: InstanceCache;
}

/** Asks Wix about installations that have just been made. */
export class InstalledInstances {
  readonly #caches: InstanceCaches;

  constructor(caches: InstanceCaches) {
    this.#caches = caches;
  }

  /**
   * What Wix says of an installation now: refusals and grants from before it do not count.
   *
   * @throws {@link WixInstanceUnknownError}, {@link WixUnavailableError}
   */
  async justInstalled(instanceId: WixInstanceId): Promise<WixInstance> {
    await this.drop(instanceId);
    return this.#caches.instances.now(instanceId);
  }

  /** Drops what is cached about an installation, refusals included. */
  async drop(instanceId: WixInstanceId): Promise<void> {
    const { identities, grants, tokens } = this.#caches;
    await Promise.all([identities.forget(instanceId), grants.forget(instanceId), tokens.forget(instanceId)]);
  }
}
