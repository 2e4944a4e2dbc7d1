import type { Descriptors, WixClient } from '@wix/sdk';

import type { AnyWixIdentity } from '../core/identities/wix-identity.js';
import type { WixInstanceSource } from '../core/identities/known-instances.js';
import type { Caller } from '../tokens/call-tokens.js';
import { loadSdk } from './load-sdk.js';
import { wixFetch, type SdkParts } from './wix-fetch.js';
import { authFrom, type WixSdkAuth } from './wix-sdk-auth.js';

declare const none: unique symbol;

interface NoModules {
  readonly [none]?: never;
}

/** A client of Wix's SDK with these modules on it, such as `{ products }` of `@wix/stores`. */
export type WixSdkClient<Modules extends Descriptors = NoModules> = WixClient<undefined, WixSdkAuth, Modules>;

/**
 * Makes clients of Wix's SDK (`@wix/sdk`, which your app installs) that call as the app on one site, or on behalf of
 * whoever called you. They share this module's tokens: nothing is minted for a client that is kept already.
 *
 * Make a client per call and do not keep it: SDK clients remember headers between calls, and what one caller read
 * would decide what the next one sees. Requests to anything but the API of this module are refused, and one that Wix
 * refused for its token is sent once more with a new one. Other failures are the SDK's own errors.
 */
export class WixSdkClientFactory {
  readonly #parts: SdkParts;

  constructor(parts: SdkParts) {
    this.#parts = parts;
  }

  /**
   * A client that calls as the app itself on one site, with everything that site granted the app. When the identity is
   * not the app's own, this is more than the caller may do.
   *
   * @param source what proves which site: an identity, an event or an installation that this registration made, or a
   * stored id with `trustedInstanceId()`.
   * @throws `WixInstanceNotTrustedError` for anything else, and `WixMisconfiguredError` when `@wix/sdk` is not installed.
   */
  async asInstance<Modules extends Descriptors = NoModules>(
    source: WixInstanceSource,
    modules?: Modules,
  ): Promise<WixSdkClient<Modules>> {
    return this.#clientFor(this.#parts.tokens.asInstance(source), modules);
  }

  /**
   * A client that calls as the user, member or visitor behind an identity: Wix allows what both the app and the caller
   * may do. Its calls fail with `WixIdentityExpiredError` and `WixOnBehalfUnavailableError` like those of
   * `WixHttpService.onBehalfOf`.
   *
   * @throws `WixMisconfiguredError` when `@wix/sdk` is not installed.
   */
  async onBehalfOf<Modules extends Descriptors = NoModules>(
    identity: AnyWixIdentity,
    modules?: Modules,
  ): Promise<WixSdkClient<Modules>> {
    return this.#clientFor(this.#parts.tokens.onBehalfOf(identity), modules);
  }

  async #clientFor<Modules extends Descriptors>(caller: Caller, modules?: Modules): Promise<WixSdkClient<Modules>> {
    const { createClient } = await loadSdk();
    return createClient<undefined, WixSdkAuth, Modules>({
      ...(modules !== undefined && { modules }),
      auth: authFrom(() => caller.token()),
      fetch: wixFetch(this.#parts, caller),
    });
  }
}
