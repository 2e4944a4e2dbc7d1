import { Logger } from '@nestjs/common';

import { WixUnavailableError } from '../../core/wix-auth.errors.js';
import type { InstallAddresses } from './install-addresses.js';
import { pageResponse, redirectTo, type InstallResponse } from '../http/install-response.js';
import { bindingCookies, isSameBrowser, releasingCookie } from '../http/install-cookies.js';
import type { ConfirmedInstallation, InstallFlow } from './install-flow.js';
import { installedPage } from '../http/install-pages.js';
import type { OAuthState } from '../state/oauth-state.js';
import type { OAuthStates } from '../state/oauth-states.js';
import type { InstallRequest } from '../http/install-request.js';
import { WixInstallError } from '../install.errors.js';
import type { StateReplayGuard } from '../state/state-replay-guard.js';
import type { WixInstallHooks } from '../wix-install.hooks.js';
import type { WixInstallAnswer, WixInstallation } from '../wix-installation.js';

/** What the desk works with. */
export interface InstallFlowParts {
  readonly addresses: InstallAddresses;
  readonly oauthStates: OAuthStates;
  readonly used: StateReplayGuard;
  readonly hooks: WixInstallHooks;
}

/** Starts and finishes installations: what all flows have in common. */
export class InstallFlowRunner {
  readonly #parts: InstallFlowParts;
  readonly #needsCookie: boolean;
  readonly #logger = new Logger('WixAuthModule');

  constructor(parts: InstallFlowParts, settings: { readonly cookie: 'required' | 'optional' }) {
    this.#parts = parts;
    this.#needsCookie = settings.cookie === 'required';
  }

  /** Sends the browser to Wix, with half a ticket; the other half stays in the browser. */
  start(flow: InstallFlow, request: InstallRequest): InstallResponse {
    const returnTo = request.parameter('returnTo');
    if (returnTo !== undefined) this.#parts.addresses.page(returnTo);
    const issued = this.#parts.oauthStates.issue(flow.name, returnTo);
    return redirectTo(flow.begin(request, issued.state), bindingCookies(issued, request));
  }

  /** Checks what came back from Wix, tells the app, and sends the browser on. */
  async finish(flow: InstallFlow, request: InstallRequest): Promise<InstallResponse> {
    const { used } = this.#parts;
    const oauthState = this.#oauthStateOf(flow, request);
    // Asked first: an installation that is finished has taken its cookie back.
    if (await used.wasTaken(oauthState)) throw usedBefore();
    const isBound = isSameBrowser(oauthState, request);
    if (!isBound && this.#needsCookie) {
      throw new WixInstallError('WIX_INSTALL_COOKIE_MISSING', 'The browser did not bring the cookie of the start.');
    }
    if (!(await used.take(oauthState))) throw usedBefore();
    return this.#settle(flow, request, oauthState, isBound);
  }

  #oauthStateOf(flow: InstallFlow, request: InstallRequest): OAuthState {
    const state = request.parameter('state');
    if (state === undefined) throw new WixInstallError('WIX_INSTALL_STATE_MISSING', 'The callback has no state.');
    return this.#parts.oauthStates.open(state, flow.name);
  }

  async #settle(
    flow: InstallFlow,
    request: InstallRequest,
    oauthState: OAuthState,
    isBound: boolean,
  ): Promise<InstallResponse> {
    try {
      const confirmed = await flow.confirm(request, oauthState);
      const { vouched, lastPage, ...known } = confirmed;
      const proven = isBound && vouched;
      const user = proven ? known.user : undefined;
      const { returnTo } = oauthState;
      const hookAnswer = await this.#callHook({ flow: flow.name, ...known, user, proven, returnTo });
      return this.#finalResponse(confirmed, oauthState, hookAnswer, releasingCookie(oauthState, request));
    } catch (error) {
      if (isRetryable(error)) await this.#parts.used.giveBack(oauthState);
      throw error;
    }
  }

  async #callHook(installation: WixInstallation): Promise<WixInstallAnswer> {
    try {
      return (await this.#parts.hooks.onInstalled(Object.freeze(installation))) ?? {};
    } catch (error) {
      // The text alone: an error object, printed, may show requests and their headers.
      const stack = error instanceof Error ? (error.stack ?? error.message) : 'Not an Error';
      this.#logger.error(`onInstalled failed for installation ${installation.instanceId}.`, stack);
      throw new WixInstallError('WIX_INSTALL_HOOK_FAILED', 'onInstalled failed.', { cause: error });
    }
  }

  #finalResponse(
    { instance, lastPage }: ConfirmedInstallation,
    { returnTo }: OAuthState,
    { redirectTo: hookAnswer, setCookies = [] }: WixInstallAnswer,
    release: string,
  ): InstallResponse {
    const cookies = [release, ...setCookies];
    if (hookAnswer !== undefined) return redirectTo(this.#allowedRedirect(hookAnswer), cookies);
    const next = returnTo === undefined ? lastPage : this.#parts.addresses.page(returnTo);
    return next === undefined ? pageResponse(200, installedPage(instance), cookies) : redirectTo(next, cookies);
  }

  #allowedRedirect(target: string): string {
    const allowed = this.#parts.addresses.allowed(target);
    if (allowed !== undefined) return allowed;
    this.#logger.error('onInstalled redirects to an origin that install.redirectOrigins does not name.');
    throw new WixInstallError('WIX_INSTALL_HOOK_FAILED', 'onInstalled redirects to an origin that is not allowed.');
  }
}

const usedBefore = (): WixInstallError =>
  new WixInstallError('WIX_INSTALL_STATE_USED', 'The installation has been finished before.');

// Nothing was decided, or the app alone failed: reloading the page may do.
const isRetryable = (error: unknown): boolean =>
  error instanceof WixUnavailableError ||
  (error instanceof WixInstallError && ['WIX_INSTALL_UNAVAILABLE', 'WIX_INSTALL_HOOK_FAILED'].includes(error.code));
