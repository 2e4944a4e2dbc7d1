import type { AnyWixIdentity } from '../../core/wix-identity.js';
import type { SignedInstanceVerifier } from '../../identity/signed-instance.verifier.js';
import { claimedIn, refuseUnlikeSigned, refuseMismatchedReport } from './external-callback.js';
import { signerOf } from './external-proof.js';
import type { InstallAddresses } from './install-addresses.js';
import type { ConfirmedInstallation, InstallFlow } from './install-flow.js';
import type { InstallRequest } from '../http/install-request.js';
import type { InstalledInstances } from './installed-instances.js';
import { WixInstallError } from '../install.errors.js';
import type { WixInstaller } from '../wix-installer.js';

/** What the external install flow works with. */
export interface ExternalFlowParts {
  readonly appId: string;
  readonly addresses: InstallAddresses;
  readonly installer: WixInstaller;
  readonly verifier: SignedInstanceVerifier;
  readonly instances: InstalledInstances;
}

/**
 * The external install flow
 * (https://dev.wix.com/docs/build-apps/launch-your-app/app-distribution/install-your-app/about-the-external-install-flow).
 */
export class ExternalFlow implements InstallFlow {
  readonly name = 'external';
  readonly #parts: ExternalFlowParts;
  readonly #needsSignature: boolean;

  constructor(parts: ExternalFlowParts, settings: { readonly signedInstance: 'required' | 'optional' }) {
    this.#parts = parts;
    this.#needsSignature = settings.signedInstance === 'required';
  }

  begin(request: InstallRequest, state: string): string {
    const { installer, addresses } = this.#parts;
    return installer.externalInstall(addresses.of('callback'), state, request.parameter('shareUrlId'));
  }

  async confirm(request: InstallRequest): Promise<ConfirmedInstallation> {
    const claimed = claimedIn(request, this.#parts.appId);
    const signer = this.#signerOf(request);
    if (signer !== undefined) refuseUnlikeSigned(claimed, signer);
    const instance = await this.#parts.instances.justInstalled(claimed.instanceId);
    refuseMismatchedReport(claimed, instance);

    const user = signer?.type === 'user' ? signer : undefined;
    return { instanceId: instance.instanceId, instance, user, vouched: user !== undefined, lastPage: undefined };
  }

  #signerOf(request: InstallRequest): AnyWixIdentity | undefined {
    const signer = signerOf(request, this.#parts.verifier);
    if (signer !== undefined || !this.#needsSignature) return signer;
    throw new WixInstallError(
      'WIX_INSTALL_SIGNATURE_MISSING',
      "Wix sent no signedInstance. If it never does for this app, set install.signedInstance: 'optional'.",
    );
  }
}
