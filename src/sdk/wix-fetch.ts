import type { PlainCall, PlainCalls } from '../client/plain-calls.js';
import type { WixDestination } from '../http/wix-destination.js';
import type { Caller } from '../tokens/call-tokens.js';
import { callFrom, type Input } from './sdk-request.js';
import { responseFrom } from './sdk-response.js';
import { throughSdk } from './unchangeable-copy.js';

/** How the calls of a client go out. */
export interface WixSdkCallOptions {
  /** Ends the client's calls when it is aborted, such as when the caller has disconnected. */
  readonly signal?: AbortSignal;
  /**
   * Which calls may be sent again when Wix is throttling (429), overloaded (502, 503, 504) or not to be reached: `always`,
   * `never`, or those whose method is idempotent. Say `always` for a client that only reads: queries are POSTs.
   *
   * @default 'idempotent'
   */
  readonly retry?: NonNullable<PlainCall['retry']>;
}

/** What the SDK's requests are sent with. */
export interface SdkCalls {
  readonly calls: PlainCalls;
  readonly destination: WixDestination;
}

/**
 * A `fetch` for the SDK that sends calls as {@link WixHttpService} does: to the API of this module and nowhere else,
 * within its limits, and with a new token where Wix refused the first one.
 */
export const wixFetch =
  ({ calls, destination }: SdkCalls, caller: Caller, { signal, retry }: WixSdkCallOptions = {}): typeof fetch =>
  (input, init = {}) =>
    throughSdk(async () => {
      const url = destination.resolve(pathOrUrlOf(input));
      const call = await callFrom(input, init, { url, signal, retry });
      return responseFrom(await calls.send(caller, call), isFromModule(call));
    });

// The SDK has these two hosts built in, over https, whatever API its client is meant for.
const OWN_ORIGIN = /^https:\/\/(?:www|edge)\.wixapis\.com(?=\/|$)/i;

const pathOrUrlOf = (input: Input): string =>
  (input instanceof Request ? input.url : String(input)).replace(OWN_ORIGIN, '');

// Names the module and its method.
const isFromModule = ({ headers }: PlainCall): boolean => headers['x-wix-bi-gateway'] !== undefined;
