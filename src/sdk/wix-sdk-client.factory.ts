import type { BuildDescriptors, Descriptors, WixClient } from '@wix/sdk';

import { PlainCalls } from '../client/plain-calls.js';
import type { CallSettings } from '../client/calls-axios.js';
import type { CallParts } from '../client/sending/call-sender.js';
import type { WixInstanceSource } from '../core/identities/known-instances.js';
import type { AnyWixIdentity } from '../core/identities/wix-identity.js';
import type { Caller } from '../tokens/call-tokens.js';
import { loadSdk } from './load-sdk.js';
import { refuseWhatMisleads, type Misleading } from './misleading-members.js';
import { wixFetch, type SdkCalls, type WixSdkCallOptions } from './wix-fetch.js';
import { authFrom, type WixSdkAuth } from './wix-sdk-auth.js';

declare const none: unique symbol;

interface NoModules {
  readonly [none]?: never;
}

/**
 * A client of Wix's SDK with these modules on it, such as `{ products }` of `@wix/stores`.
 *
 * It is for one caller, and for calling: `enableContext`, which would share it with all callers, and `webhooks` and
 * `servicePlugins`, which have their place in `@OnWixEvent()` and `@WixServicePlugin()`, are not there and throw.
 */
export type WixSdkClient<Modules extends Descriptors = NoModules> = Omit<WixClient<undefined, WixSdkAuth>, Misleading> &
  BuildDescriptors<Modules, undefined>;

/**
 * Makes clients of Wix's SDK (`@wix/sdk`, which your app installs) that call as the app on one site, or on behalf of
 * your caller. They share this module's tokens: a client reuses the cached ones.
 *
 * Make a client per call and do not keep it: SDK clients remember headers between calls, and what one caller read
 * would decide what the next one sees.
 *
 * Calls keep the rules of `WixHttpService`: they go to the API of this module and nowhere else, redirects
 * included, end after `calls.timeoutMs`, take no more than `calls.maxResponseBytes`, are repeated when Wix is throttling,
 * and carry a new token where Wix refused the first one. Where no answer comes they fail with
 * `WixUnavailableError`; what Wix refuses fails with the SDK's own errors, which `WixApiExceptionFilter`
 * answers and `wixApiErrorOf` reads.
 */
export class WixSdkClientFactory {
  readonly #tokens: CallParts['tokens'];
  readonly #calls: SdkCalls;

  constructor(parts: CallParts, settings: CallSettings) {
    this.#tokens = parts.tokens;
    this.#calls = { calls: new PlainCalls(parts, settings), destination: parts.destination };
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
    options?: WixSdkCallOptions,
  ): Promise<WixSdkClient<Modules>> {
    return this.#clientFor(this.#tokens.asInstance(source), modules, options);
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
    options?: WixSdkCallOptions,
  ): Promise<WixSdkClient<Modules>> {
    return this.#clientFor(this.#tokens.onBehalfOf(identity), modules, options);
  }

  /**
   * The `fetch` of {@link asInstance}, for a `createClient({ auth, fetch })` of your own: it attaches the token itself,
   * and leads the SDK's requests to `apiUrl`.
   *
   * @throws `WixInstanceNotTrustedError` as {@link asInstance} does.
   */
  fetchAsInstance(source: WixInstanceSource, options?: WixSdkCallOptions): typeof fetch {
    return wixFetch(this.#calls, this.#tokens.asInstance(source), options);
  }

  /** The `fetch` of {@link onBehalfOf}, likewise. */
  fetchOnBehalfOf(identity: AnyWixIdentity, options?: WixSdkCallOptions): typeof fetch {
    return wixFetch(this.#calls, this.#tokens.onBehalfOf(identity), options);
  }

  async #clientFor<Modules extends Descriptors>(
    caller: Caller,
    modules: Modules | undefined,
    options: WixSdkCallOptions | undefined,
  ): Promise<WixSdkClient<Modules>> {
    const { createClient } = await loadSdk();
    const client = createClient<undefined, WixSdkAuth, Modules>({
      ...(modules !== undefined && { modules }),
      auth: authFrom(() => caller.token()),
      fetch: wixFetch(this.#calls, caller, options),
    });
    refuseWhatMisleads(client);
    return client;
  }
}
