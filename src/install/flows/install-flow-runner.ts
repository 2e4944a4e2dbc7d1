import type { TraceFacts } from '../../diagnostics/trace-channel.js';
import { Traces } from '../../diagnostics/traces.js';
import type { AuthEvents } from '../../core/auth-events.js';
import { stackOf } from '../../core/failure-reason.js';
import type { KnownInstances } from '../../core/identities/known-instances.js';
import type { InstallAddresses } from './install-addresses.js';
import { pageResponse, redirectTo, type InstallResponse } from '../http/install-response.js';
import { bindingCookies, isSameBrowser, releasingCookie } from '../http/install-cookies.js';
import type { ConfirmedInstallation, InstallFlow } from './install-flow.js';
import { installedPage } from '../http/install-pages.js';
import type { OAuthState } from '../state/oauth-state.js';
import type { OAuthStates } from '../state/oauth-states.js';
import type { InstallRequest } from '../http/install-request.js';
import { WixInstallError } from '../install.errors.js';
import type { CallbackLimiter } from '../state/callback-limiter.js';
import type { UsableOnce, StateReplayGuard } from '../state/state-replay-guard.js';
import type { WixInstallHooks } from '../wix-install.hooks.js';
import type { WixInstallAnswer, WixInstallation } from '../wix-installation.js';

/** What the runner works with. */
export interface InstallFlowParts {
  readonly addresses: InstallAddresses;
  readonly oauthStates: OAuthStates;
  readonly used: StateReplayGuard;
  readonly limiter: CallbackLimiter;
  readonly hooks: WixInstallHooks;
  readonly known: KnownInstances;
  readonly events: AuthEvents;
  /** @default nothing listens */
  readonly traces?: Traces;
}

/** Starts and finishes installations: what all flows have in common. */
export class InstallFlowRunner {
  readonly #parts: InstallFlowParts;
  readonly #traces: Traces;
  readonly #needsCookie: boolean;

  constructor(parts: InstallFlowParts, settings: { readonly cookie: 'required' | 'optional' }) {
    this.#parts = parts;
    this.#traces = parts.traces ?? new Traces();
    this.#needsCookie = settings.cookie === 'required';
  }

  /** Sends the browser to Wix with one half of the OAuth state; the other half stays in the browser. */
  start(flow: InstallFlow, request: InstallRequest): InstallResponse {
    const returnTo = request.parameter('returnTo');
    if (returnTo !== undefined) this.#parts.addresses.page(returnTo);
    const issued = this.#parts.oauthStates.issue(flow.name, returnTo);
    const response = redirectTo(flow.begin(request, issued.state), bindingCookies(issued, request));
    const { install } = this.#traces;
    if (install.hasListeners) install.publish({ flow: flow.name, step: 'start', outcome: 'success' });
    return response;
  }

  /**
   * Checks what came back from Wix, tells the app, and sends the browser on. What can be refused without a request is
   * refused before anything is asked, written or used up.
   */
  finish(flow: InstallFlow, request: InstallRequest): Promise<InstallResponse> {
    const confirmed: TraceFacts<'install'> = {};
    return this.#traces.install.follow(
      () => ({ flow: flow.name, step: 'callback' }),
      () => this.#finish(flow, request, confirmed),
      () => confirmed,
      (error) => ({ ...confirmed, ...(error instanceof WixInstallError && endOfInstallError(error)) }),
    );
  }

  async #finish(flow: InstallFlow, request: InstallRequest, facts: TraceFacts<'install'>): Promise<InstallResponse> {
    const { used, limiter } = this.#parts;
    const oauthState = this.#oauthStateOf(flow, request);
    const once: UsableOnce = { id: oauthState.id, untilMs: oauthState.untilMs, ifUsed: 'WIX_INSTALL_STATE_USED' };
    // First: the end of an installation removes its cookie.
    used.refuseUsedHere(once);
    const isBound = this.#isBound(oauthState, request);
    const callback = flow.check(request, oauthState);
    for (const part of callback.once) used.refuseUsedHere(part);
    return limiter.run(callback.proof, () =>
      this.#duringAll([once, ...callback.once], async () => {
        const found = await callback.confirm();
        const confirmed = isBound ? found : unproven(found);
        Object.assign(facts, { instanceId: confirmed.instanceId, isProven: confirmed.vouched });
        return this.#settle(flow, request, oauthState, confirmed);
      }),
    );
  }

  #isBound(oauthState: OAuthState, request: InstallRequest): boolean {
    const isBound = isSameBrowser(oauthState, request);
    if (isBound || !this.#needsCookie) return isBound;
    throw new WixInstallError(
      'WIX_INSTALL_COOKIE_MISSING',
      'The browser did not send the cookie from the start of the installation.',
    );
  }

  #duringAll<Result>([once, ...more]: readonly UsableOnce[], work: () => Promise<Result>): Promise<Result> {
    return once === undefined ? work() : this.#parts.used.during(once, () => this.#duringAll(more, work));
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
    confirmed: ConfirmedInstallation,
  ): Promise<InstallResponse> {
    const { instanceId, instance, vouched: proven, user } = confirmed;
    const { returnTo } = oauthState;
    const hookAnswer = await this.#callHook({ flow: flow.name, instanceId, instance, user, proven, returnTo });
    return this.#finalResponse(confirmed, oauthState, hookAnswer, releasingCookie(oauthState, request));
  }

  async #callHook(confirmed: WixInstallation): Promise<WixInstallAnswer> {
    const { hooks, known } = this.#parts;
    const installation = known.add(Object.freeze(confirmed));
    if (installation.user !== undefined) known.add(installation.user);
    try {
      return (await this.#hookTraced(installation, async () => hooks.onInstalled(installation))) ?? {};
    } catch (error) {
      this.#parts.events.emit('installHookFailed', { instanceId: installation.instanceId, stack: stackOf(error) });
      throw new WixInstallError('WIX_INSTALL_HOOK_FAILED', 'onInstalled failed.', { cause: error });
    }
  }

  #hookTraced<Result>(
    { flow, instanceId, proven: isProven }: WixInstallation,
    work: () => Promise<Result>,
  ): Promise<Result> {
    return this.#traces.install.follow(() => ({ flow, step: 'hook', instanceId, isProven }), work);
  }

  #finalResponse(
    { instance, instanceId, lastPage }: ConfirmedInstallation,
    { returnTo }: OAuthState,
    { redirectTo: hookAnswer, setCookies = [] }: WixInstallAnswer,
    release: string,
  ): InstallResponse {
    const cookies = [release, ...setCookies];
    if (hookAnswer !== undefined) return redirectTo(this.#allowedRedirect(hookAnswer, instanceId), cookies);
    const next = returnTo === undefined ? lastPage : this.#parts.addresses.page(returnTo);
    return next === undefined ? pageResponse(200, installedPage(instance), cookies) : redirectTo(next, cookies);
  }

  #allowedRedirect(target: string, instanceId: string): string {
    const allowed = this.#parts.addresses.allowed(target);
    if (allowed !== undefined) return allowed;
    this.#parts.events.emit('installRedirectRefused', { instanceId });
    throw new WixInstallError('WIX_INSTALL_HOOK_FAILED', 'onInstalled redirects to an origin that is not allowed.');
  }
}

const endOfInstallError = ({ code }: WixInstallError): TraceFacts<'install'> => ({
  code,
  outcome: code === 'WIX_INSTALL_UNAVAILABLE' ? 'unavailable' : isOurs(code) ? 'failed' : 'refused',
});

const isOurs = (code: string): boolean => code === 'WIX_INSTALL_HOOK_FAILED' || code === 'WIX_INSTALL_MISCONFIGURED';

// A browser with only the address gets neither the user nor a token.
const unproven = (confirmed: ConfirmedInstallation): ConfirmedInstallation => ({
  ...confirmed,
  vouched: false,
  user: undefined,
  lastPage: undefined,
});
