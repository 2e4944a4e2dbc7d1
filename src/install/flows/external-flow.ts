import type { WixUserIdentity } from '../../core/identities/wix-identity.js';
import type { SignedInstanceVerifier } from '../../identity/signed-instance.verifier.js';
import {
  claimedIn,
  refuseUnlikeSigned,
  refuseMismatchedReport,
  type ClaimedInstallation,
} from './external-callback.js';
import { ownerIn, signedIn } from './external-proof.js';
import type { NamedInstances } from './named-instances.js';
import type { InstallAddresses } from './install-addresses.js';
import type { CheckedCallback, ConfirmedInstallation, InstallFlow } from './install-flow.js';
import type { OAuthState } from '../state/oauth-state.js';
import type { InstallRequest } from '../http/install-request.js';
import type { InstalledInstances } from './installed-instances.js';
import { WixInstallError, type WixInstallErrorCode } from '../install.errors.js';
import type { UsableOnce } from '../state/state-replay-guard.js';
import type { WixInstaller } from '../wix-installer.js';

/** What the external install flow works with. */
export interface ExternalFlowParts {
  readonly appId: string;
  readonly addresses: InstallAddresses;
  readonly installer: WixInstaller;
  readonly verifier: SignedInstanceVerifier;
  readonly instances: InstalledInstances;
  readonly named: NamedInstances;
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

  check(request: InstallRequest, oauthState: OAuthState): CheckedCallback {
    const claimed = claimedIn(request, this.#parts.appId);
    const proof = this.#proofIn(request, oauthState, claimed);
    if (proof === undefined) return { proof: 'none', once: [], confirm: () => this.#confirmNamed(claimed) };
    const { owner, once } = proof;
    return { proof: 'signature', once: [once], confirm: () => this.#confirmSigned(claimed, owner) };
  }

  async #confirmSigned(claimed: ClaimedInstallation, user: WixUserIdentity): Promise<ConfirmedInstallation> {
    const instance = await this.#parts.instances.justInstalled(claimed.instanceId);
    refuseMismatchedReport(claimed, instance);
    return { instanceId: instance.instanceId, instance, user, vouched: true, lastPage: undefined };
  }

  async #confirmNamed(claimed: ClaimedInstallation): Promise<ConfirmedInstallation> {
    const { named } = this.#parts;
    const instance = await named.of(claimed.instanceId, (told) => refuseMismatchedReport(claimed, told));
    return { instanceId: instance.instanceId, instance, user: undefined, vouched: false, lastPage: undefined };
  }

  #proofIn(request: InstallRequest, oauthState: OAuthState, claimed: ClaimedInstallation): Proof | undefined {
    try {
      const signed = signedIn(request, this.#parts.verifier) ?? raiseMissing();
      refuseUnlikeSigned(claimed, signed.signer);
      return { owner: ownerIn(signed, oauthState), once: signed.once };
    } catch (error) {
      if (this.#needsSignature || !isWeakProof(error)) throw error;
      return undefined;
    }
  }
}

interface Proof {
  readonly owner: WixUserIdentity;
  readonly once: UsableOnce;
}

function raiseMissing(): never {
  throw new WixInstallError(
    'WIX_INSTALL_SIGNATURE_MISSING',
    "Wix sent no signedInstance. If it never does for this app, set install.signedInstance: 'optional'.",
  );
}

const WEAK: readonly WixInstallErrorCode[] = [
  'WIX_INSTALL_SIGNATURE_MISSING',
  'WIX_INSTALL_SIGNATURE_OF_VISITOR',
  'WIX_INSTALL_SIGNATURE_NOT_OWNER',
  'WIX_INSTALL_SIGNATURE_EXPIRED',
];

// Genuine or absent; no proof of who installs.
const isWeakProof = (error: unknown): boolean => error instanceof WixInstallError && WEAK.includes(error.code);
