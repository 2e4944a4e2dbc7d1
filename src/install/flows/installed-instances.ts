import type { WixInstanceId } from '../../core/identities/wix-instance-id.js';
import type { WixGrantsService } from '../../grants/wix-grants.service.js';
import type { WixInstance } from '../../grants/instances/wix-instance.js';
import type { WixInstances } from '../../grants/instances/wix-instances.js';
import type { WixIdentityService } from '../../identity/wix-identity.service.js';
import type { WixTokenService } from '../../tokens/wix-token.service.js';

/** What is cached about an installation, and out of date after it. */
export interface InstanceCaches {
  readonly instances: WixInstances;
  readonly tokens: Pick<WixTokenService, 'forget'>;
  readonly identities: Pick<WixIdentityService, 'forget'>;
  readonly grants: Pick<WixGrantsService, 'forget'>;
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
