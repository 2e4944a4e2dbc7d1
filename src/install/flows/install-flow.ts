import type { WixInstallation } from '../wix-installation.js';
import type { OAuthState, WixInstallFlow } from '../state/oauth-state.js';
import type { InstallRequest } from '../http/install-request.js';
import type { CallbackProof } from '../state/callback-limiter.js';
import type { UsableOnce } from '../state/state-replay-guard.js';

/** What a flow found out about an installation. */
export interface ConfirmedInstallation extends Pick<WixInstallation, 'instanceId' | 'instance' | 'user'> {
  /** Whether Wix vouches for the person who installs. */
  readonly vouched: boolean;
  /** Where the flow ends, unless the application says otherwise. It may hold an access token: for the bound browser alone. */
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

/** One way the app comes to a site. */
export interface InstallFlow {
  readonly name: WixInstallFlow;
  /** The page of Wix to begin at. */
  begin(request: InstallRequest, state: string): string;
  /**
   * What came back, checked without asking or writing anything.
   *
   * @throws {@link WixInstallError} when it cannot be good.
   */
  check(request: InstallRequest, oauthState: OAuthState): CheckedCallback;
}
