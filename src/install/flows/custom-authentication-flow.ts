import { digestOf } from '../../core/digest.js';
import { instanceIdFromWix, type WixInstanceId } from '../../core/identities/wix-instance-id.js';
import type { TokenInfoEndpoint } from '../../identity/introspection/token-info.endpoint.js';
import type { WixAccessToken } from '../../tokens/wix-access-token.js';
import { idIn } from './external-callback.js';
import type { InstallAddresses } from './install-addresses.js';
import type { CheckedCallback, ConfirmedInstallation, InstallFlow } from './install-flow.js';
import type { OAuthState } from '../state/oauth-state.js';
import type { InstallRequest } from '../http/install-request.js';
import { WixInstallError } from '../install.errors.js';
import type { InstalledInstances } from './installed-instances.js';
import type { OAuthAccessEndpoint } from '../refresh-tokens/oauth-access.endpoint.js';
import type { RefreshTokens } from '../refresh-tokens/refresh-tokens.js';
import type { UsableOnce, StateReplayGuard } from '../state/state-replay-guard.js';
import type { WixInstaller } from '../wix-installer.js';

/** What custom authentication works with. */
export interface CustomAuthenticationParts {
  readonly appId: string;
  readonly addresses: InstallAddresses;
  readonly installer: WixInstaller;
  readonly tokens: OAuthAccessEndpoint;
  readonly tokenInfo: TokenInfoEndpoint;
  readonly refreshTokens: RefreshTokens;
  readonly instances: InstalledInstances;
  readonly used: StateReplayGuard;
}

const CODE_LIFETIME_MS = 600_000;

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

  begin(request: InstallRequest, state: string): string {
    const { installer, addresses } = this.#parts;
    return installer.consent(addresses.of('redirect'), state, request.parameter('token'));
  }

  check(request: InstallRequest, oauthState: OAuthState): CheckedCallback {
    const instanceId = idIn(request, 'instanceId');
    const code = codeIn(request);
    const once = onceOf(code, oauthState);
    // Wix refuses a used code as well, and does not say that this is why.
    this.#parts.used.refuseUsedHere(once);
    return { proof: 'code', once: [], confirm: () => this.#confirm(instanceId, code, once) };
  }

  async #confirm(instanceId: string, code: string, once: UsableOnce): Promise<ConfirmedInstallation> {
    const { accessToken, refreshToken } = await this.#parts.used.during(once, () => this.#exchange(code));
    // The query is not signed. Without this, an attacker's refresh token could be stored under a victim's site.
    await this.#refuseForeign(accessToken, instanceId);
    const { refreshTokens, instances, installer } = this.#parts;
    const confirmed: WixInstanceId = instanceIdFromWix(instanceId);
    await refreshTokens.keep(confirmed, refreshToken);

    const instance = await instances.justInstalled(confirmed);
    const lastPage = installer.closeWindow(accessToken.value);
    return { instanceId: confirmed, instance, user: undefined, vouched: true, lastPage };
  }

  async #exchange(code: string): Promise<ExchangedCode> {
    const pair = await this.#parts.tokens.exchange(code);
    if (pair === 'refused') {
      throw new WixInstallError(
        'WIX_INSTALL_CODE_REJECTED',
        'Wix did not accept the code: it is too old, or invented.',
      );
    }
    const { accessToken, refreshToken } = pair;
    if (refreshToken !== undefined) return { accessToken, refreshToken };
    throw new WixInstallError('WIX_INSTALL_CODE_REJECTED', 'Wix gave no refresh token for the code.');
  }

  async #refuseForeign(accessToken: WixAccessToken, instanceId: string): Promise<void> {
    const info = await this.#parts.tokenInfo.describe(accessToken.value, { lane: 'install', instanceId });
    const isOurs =
      info !== 'inactive' &&
      info.clientId?.toLowerCase() === this.#parts.appId.toLowerCase() &&
      info.instanceId?.toLowerCase() === instanceId;
    if (isOurs) return;
    throw new WixInstallError('WIX_INSTALL_TOKEN_REJECTED', 'The tokens belong to another app or installation.');
  }
}

interface ExchangedCode {
  readonly accessToken: WixAccessToken;
  readonly refreshToken: string;
}

// The code was made before the OAuth state expired, and lives on from there.
const onceOf = (code: string, { untilMs }: OAuthState): UsableOnce => ({
  id: idOf(code),
  untilMs: untilMs + CODE_LIFETIME_MS,
  ifUsed: 'WIX_INSTALL_CODE_USED',
});

function codeIn(request: InstallRequest): string {
  const code = request.parameter('code');
  if (code !== undefined) return code;
  throw new WixInstallError('WIX_INSTALL_CODE_MISSING', 'The callback has no code.');
}

const idOf = (code: string): string => `code:${digestOf(code)}`;
