import type { WixUserIdentity } from '../core/identities/wix-identity.js';
import type { WixInstanceId } from '../core/identities/wix-instance-id.js';
import type { WixInstance } from '../grants/instances/wix-instance.js';
import type { WixInstallFlow } from './state/oauth-state.js';

/** An installation that Wix confirmed. */
export interface WixInstallation {
  /** The way the app came to the site. */
  readonly flow: WixInstallFlow;
  /** The installation. Key your own data by it: it stays the same when the site removes the app and installs it again. */
  readonly instanceId: WixInstanceId;
  /** What Wix says of it: the site and its name, the plan, the permissions. */
  readonly instance: WixInstance;
  /**
   * Whether the browser in front of you is the one in which the installation was started, and Wix vouches for who is
   * there: in the external flow by a signed instance of the site's owner, made since the start and not used before; in
   * custom authentication by a code that it exchanged. It does not prove that the app was new on the site. When `false`
   * the installation is real, and the browser may be that of anyone who knows its id: never log them in.
   */
  readonly proven: boolean;
  /** Who installed, when it is proven and Wix signed it. Custom authentication does not tell. */
  readonly user: WixUserIdentity | undefined;
  /** The path that `installUrl` was asked to return to, where the browser goes unless you say otherwise. */
  readonly returnTo: string | undefined;
}

/** How the browser goes on. */
export interface WixInstallAnswer {
  /** A path of this application, or a URL on an allowed origin (`install.redirectOrigins`). @default `returnTo` */
  readonly redirectTo?: string | undefined;
  /** `Set-Cookie` headers, such as that of a session you opened because the installation is `proven`. */
  readonly setCookies?: readonly string[] | undefined;
}
