import type { AxiosInstance } from 'axios';

import type { AnyWixIdentity } from '../core/identities/wix-identity.js';
import type { WixInstanceSource } from '../core/identities/known-instances.js';
import { CallSender, type CallParts } from './sending/call-sender.js';
import { callsAxios, type CallSettings } from './calls-axios.js';
import { WixHttpClient } from './wix-http.client.js';

/**
 * Calls Wix's APIs: as the app on one site, or on behalf of your caller. Tokens are obtained, cached and replaced
 * for you, and are sent to the API's own URL only.
 */
export class WixHttpService {
  /**
   * The axios instance behind all calls, for interceptors and defaults that concern every call of the application. It
   * sends nothing itself. Interceptors never see a token: it is attached after them.
   */
  readonly axiosRef: AxiosInstance;
  readonly #tokens: CallParts['tokens'];
  readonly #sender: CallSender;

  constructor(parts: CallParts, settings: CallSettings) {
    this.axiosRef = callsAxios(settings);
    this.#tokens = parts.tokens;
    this.#sender = new CallSender(parts);
  }

  /**
   * A client that calls as the app itself on one site, with everything that site granted the app. When the identity is
   * not the app's own, this is more than the caller may do: be sure that what you call is meant for every caller the
   * route lets in.
   *
   * Its calls fail with {@link WixIdentityExpiredError} once the identity has expired.
   *
   * @param source what proves which site: an identity, an event or an installation that this registration made, or a
   * stored id with {@link trustedInstanceId}.
   * @throws {@link WixInstanceNotTrustedError} for anything else: plain ids, copies and lookalikes.
   */
  asInstance(source: WixInstanceSource): WixHttpClient {
    return new WixHttpClient(this.axiosRef, this.#sender, this.#tokens.asInstance(source));
  }

  /**
   * A client that calls as the user, member or visitor behind an identity: Wix allows what both the app and the caller
   * may do.
   *
   * Its calls fail with {@link WixIdentityExpiredError} once the identity has expired, and with
   * {@link WixOnBehalfUnavailableError} for an identity without a token of its own: the app's, one from a signed
   * instance, or a copy.
   */
  onBehalfOf(identity: AnyWixIdentity): WixHttpClient {
    return new WixHttpClient(this.axiosRef, this.#sender, this.#tokens.onBehalfOf(identity));
  }
}
