import { randomBytes, type KeyObject } from 'node:crypto';

import { digestOf, isSame } from '../../core/digest.js';
import type { AppCredentials } from '../../core/app-credentials.js';
import type { WixClock } from '../../core/clock.js';
import { isJsonObject, numberOf, parseJson, textOf } from '../../core/values/json.js';
import { seal, unseal } from '../../store/sealer.js';
import type { OAuthState, IssuedOAuthState, WixInstallFlow } from './oauth-state.js';
import { WixInstallError } from '../install.errors.js';

const MINUTE_MS = 60_000;
// Consent may take a login and the choice of a site. Codes of custom authentication live ten minutes.
const LIFETIME_MS: Readonly<Record<WixInstallFlow, number>> = {
  external: 30 * MINUTE_MS,
  'custom-authentication': 10 * MINUTE_MS,
};

/** Makes and opens OAuth states and stores none, so that starting installations costs no memory. */
export class OAuthStates {
  readonly #secrets: readonly KeyObject[];
  readonly #name: string;
  readonly #clock: WixClock;

  constructor(app: AppCredentials, clock: WixClock) {
    this.#secrets = app.secretKeys;
    this.#name = `install-state:${app.appId}`;
    this.#clock = clock;
  }

  /** A new OAuth state for one installation. */
  issue(flow: WixInstallFlow, returnTo: string | undefined): IssuedOAuthState {
    const cookieValue = randomBytes(32).toString('base64url');
    const startedMs = this.#clock.nowMs();
    const oauthState: OAuthState = {
      id: randomBytes(9).toString('base64url'),
      flow,
      browser: digestOf(cookieValue),
      returnTo,
      startedMs,
      untilMs: startedMs + LIFETIME_MS[flow],
    };
    return { oauthState, state: this.#sealed(oauthState), cookieValue };
  }

  /**
   * The OAuth state behind a `state`, if it was made here for that flow and is not too old.
   *
   * @throws {@link WixInstallError} saying which of these it is not.
   */
  open(state: string, flow: WixInstallFlow): OAuthState {
    const oauthState = oauthStateIn(this.#opened(state));
    if (oauthState === undefined) {
      throw new WixInstallError('WIX_INSTALL_STATE_REJECTED', 'The state was not made here, or was altered.');
    }
    if (oauthState.flow !== flow) {
      throw new WixInstallError('WIX_INSTALL_WRONG_CALLBACK', `The state belongs to the ${oauthState.flow} flow.`);
    }
    if (oauthState.untilMs <= this.#clock.nowMs()) {
      throw new WixInstallError('WIX_INSTALL_STATE_EXPIRED', 'The installation was started too long ago.');
    }
    return oauthState;
  }

  #sealed(oauthState: OAuthState): string {
    const [secret] = this.#secrets;
    if (secret === undefined) throw new WixInstallError('WIX_INSTALL_MISCONFIGURED', 'There is no app secret.');
    return seal(secret, this.#name, JSON.stringify(oauthState));
  }

  #opened(state: string): unknown {
    const texts = this.#secrets.map((secret) => unseal(secret, this.#name, state));
    return parseJson(texts.find((text) => text !== undefined) ?? '');
  }
}

/** Whether a cookie's value is the other half of an OAuth state. */
export function isOtherHalf(oauthState: OAuthState, cookieValue: string): boolean {
  return isSame(Buffer.from(digestOf(cookieValue)), Buffer.from(oauthState.browser));
}

function oauthStateIn(value: unknown): OAuthState | undefined {
  if (!isJsonObject(value)) return undefined;
  const id = textOf(value, 'id');
  const flow = value['flow'];
  const browser = textOf(value, 'browser');
  const untilMs = numberOf(value, 'untilMs');
  if (id === undefined || browser === undefined || untilMs === undefined || !isFlow(flow)) return undefined;
  // States of earlier versions do not say when they were made.
  const startedMs = numberOf(value, 'startedMs') ?? untilMs - LIFETIME_MS[flow];
  return { id, flow, browser, returnTo: textOf(value, 'returnTo'), startedMs, untilMs };
}

const isFlow = (value: unknown): value is WixInstallFlow => value === 'external' || value === 'custom-authentication';
