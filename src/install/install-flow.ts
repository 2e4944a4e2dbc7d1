import type { WixInstallation } from './wix-installation.js';
import type { InstallTicket, WixInstallFlow } from './install-ticket.js';
import type { InstallVisit } from './install-visit.js';

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
  begin(visit: InstallVisit, state: string): string;
  /**
   * What came back, checked and confirmed by Wix.
   *
   * @throws {@link WixInstallError} or {@link WixUnavailableError} when it is not.
   */
  confirm(visit: InstallVisit, ticket: InstallTicket): Promise<ConfirmedInstallation>;
}
