import type { WixInstallation } from '../wix-installation.js';
import type { OAuthState, WixInstallFlow } from '../state/oauth-state.js';
import type { InstallRequest } from '../http/install-request.js';

/** What a flow found out about an installation. */
export interface ConfirmedInstallation extends Pick<WixInstallation, 'instanceId' | 'instance' | 'user'> {
  /** Whether Wix vouches for whoever installs. */
  readonly vouched: boolean;
  /** Where the flow itself ends, when nobody says otherwise. */
  readonly lastPage: string | undefined;
}

/** One way the app comes to a site. */
export interface InstallFlow {
  readonly name: WixInstallFlow;
  /** The page of Wix to begin at. */
  begin(request: InstallRequest, state: string): string;
  /**
   * What came back, checked and confirmed by Wix.
   *
   * @throws {@link WixInstallError} or {@link WixUnavailableError} when it is not.
   */
  confirm(request: InstallRequest, oauthState: OAuthState): Promise<ConfirmedInstallation>;
}
