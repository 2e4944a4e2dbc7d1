import type { WixInstallation } from '../wix-installation.js';
import type { OAuthState, WixInstallFlow } from '../state/oauth-state.js';
import type { InstallRequest } from '../http/install-request.js';
import type { CallbackProof } from '../state/callback-limiter.js';
import type { UsableOnce } from '../state/state-replay-guard.js';

/** The result of a flow. */
export interface ConfirmedInstallation extends Pick<WixInstallation, 'instanceId' | 'instance' | 'user'> {
  /** Whether Wix vouches for the person who installs. */
  readonly vouched: boolean;
  /** Where the flow ends by default. It may hold an access token, so it is for the bound browser only. */
  readonly lastPage: string | undefined;
}

/** A callback that passed every check that takes no request to Wix. */
export interface CheckedCallback {
  readonly proof: CallbackProof;
  /** What the callback brought along that counts once, beside its OAuth state. */
  readonly once: readonly UsableOnce[];
  /**
   * What Wix says of it.
   *
   * @throws {@link WixInstallError} or {@link WixUnavailableError} when Wix does not confirm it.
   */
  confirm(): Promise<ConfirmedInstallation>;
}

/** One way to install the app. */
export interface InstallFlow {
  readonly name: WixInstallFlow;
  /** The page of Wix to begin at. */
  begin(request: InstallRequest, state: string): string;
  /**
   * Checks what came back, without requests or writes.
   *
   * @throws {@link WixInstallError} when it is not valid.
   */
  check(request: InstallRequest, oauthState: OAuthState): CheckedCallback;
}
