import { instanceIdFromWix, type WixInstanceId } from '../core/wix-instance-id.js';
import type { TokenInfoEndpoint } from '../identity/token-info.endpoint.js';
import type { WixAccessToken } from '../tokens/wix-access-token.js';
import { idIn } from './external-callback.js';
import type { InstallAddresses } from './install-addresses.js';
import type { ConfirmedInstallation, InstallFlow } from './install-flow.js';
import type { InstallVisit } from './install-visit.js';
import { WixInstallError } from './install.errors.js';
import type { InstalledInstances } from './installed-instances.js';
import type { OAuthAccessEndpoint } from './oauth-access.endpoint.js';
import type { RefreshTokens } from './refresh-tokens.js';
import type { WixInstaller } from './wix-installer.js';

/** What custom authentication works with. */
export interface CustomAuthenticationParts {
  readonly appId: string;
  readonly addresses: InstallAddresses;
  readonly installer: WixInstaller;
  readonly tokens: OAuthAccessEndpoint;
  readonly tokenInfo: TokenInfoEndpoint;
  readonly refreshTokens: RefreshTokens;
  readonly instances: InstalledInstances;
}

/**
 * Custom authentication, once called advanced OAuth
 * (https://dev.wix.com/docs/build-apps/build-your-app/authentication/use-advanced-oauth).
 */
export class CustomAuthenticationFlow implements InstallFlow {
  readonly name = 'custom-authentication';
  readonly #parts: CustomAuthenticationParts;

  constructor(parts: CustomAuthenticationParts) {
    this.#parts = parts;
  }

  begin(visit: InstallVisit, state: string): string {
    const { installer, addresses } = this.#parts;
    return installer.consent(addresses.of('redirect'), state, visit.parameter('token'));
  }

  async confirm(visit: InstallVisit): Promise<ConfirmedInstallation> {
    const instanceId = idIn(visit, 'instanceId');
    const { accessToken, refreshToken } = await this.#exchange(visit);
    // The query is not signed. Without this, an attacker's refresh token could be stored under a victim's site.
    await this.#refuseForeign(accessToken, instanceId);
    const { refreshTokens, instances, installer } = this.#parts;
    const confirmed: WixInstanceId = instanceIdFromWix(instanceId);
    await refreshTokens.keep(confirmed, refreshToken);

    const instance = await instances.justInstalled(confirmed);
    const lastPage = installer.closeWindow(accessToken.value);
    return { instanceId: confirmed, instance, user: undefined, vouched: true, lastPage };
  }

  async #exchange(
    visit: InstallVisit,
  ): Promise<{ readonly accessToken: WixAccessToken; readonly refreshToken: string }> {
    const code = visit.parameter('code');
    if (code === undefined) throw new WixInstallError('WIX_INSTALL_CODE_MISSING', 'The callback has no code.');
    const pair = await this.#parts.tokens.exchange(code);
    if (pair === 'refused') {
      throw new WixInstallError('WIX_INSTALL_CODE_REJECTED', 'Wix did not take the code: used, too old, or invented.');
    }
    const { accessToken, refreshToken } = pair;
    if (refreshToken !== undefined) return { accessToken, refreshToken };
    throw new WixInstallError('WIX_INSTALL_CODE_REJECTED', 'Wix gave no refresh token for the code.');
  }

  async #refuseForeign(accessToken: WixAccessToken, instanceId: string): Promise<void> {
    const info = await this.#parts.tokenInfo.describe(accessToken.value);
    const isOurs =
      info !== 'inactive' &&
      info.clientId?.toLowerCase() === this.#parts.appId.toLowerCase() &&
      info.instanceId?.toLowerCase() === instanceId;
    if (isOurs) return;
    throw new WixInstallError('WIX_INSTALL_TOKEN_REJECTED', 'The tokens belong to another app or installation.');
  }
}
