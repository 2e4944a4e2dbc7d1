import type { InstanceLimiter } from '../http/limits/instance-limiter.js';
import type { WixAgents } from '../http/wix-agents.js';
import type { WixDestination } from '../http/wix-destination.js';
import type { Caller, CallTokens } from '../tokens/call-tokens.js';
import type { WixAccessToken } from '../tokens/wix-access-token.js';
import { requestIdText } from '../core/values/upstream-text.js';
import { endOfStatus, type TraceBegun } from '../diagnostics/trace-channel.js';
import type { Traces } from '../diagnostics/traces.js';
import { pathTemplate } from '../http/path-template.js';
import { throughSdk } from './unchangeable-copy.js';

/** What the SDK's requests are sent with. */
export interface SdkParts {
  readonly tokens: CallTokens;
  readonly agents: Pick<WixAgents, 'use'>;
  readonly destination: WixDestination;
  readonly limiter: InstanceLimiter;
  /** @default nothing listens */
  readonly traces?: Traces;
}

type Input = Parameters<typeof fetch>[0];
type Init = NonNullable<Parameters<typeof fetch>[1]>;

/**
 * A `fetch` for the SDK that goes to the API of this module and nowhere else, and gets a new token where Wix refused
 * the first one.
 */
export const wixFetch =
  (parts: SdkParts, caller: Caller): typeof fetch =>
  (input, init = {}) =>
    throughSdk(() => {
      const url = parts.destination.resolve(pathOrUrlOf(input));
      return parts.agents.use(
        () => nameOf(url, input, init),
        () => tracedFetch(parts, caller, { url, input, init }),
      );
    });

interface SdkRequest {
  readonly url: string;
  readonly input: Input;
  readonly init: Init;
}

const nameOf = (url: string, input: Input, init: Init): string => `${methodOf(input, init)} ${new URL(url).pathname}`;

const methodOf = (input: Input, { method }: Init): string =>
  (method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase();

function tracedFetch(parts: SdkParts, caller: Caller, request: SdkRequest): Promise<Response> {
  const sent = { attempts: 0 };
  const work = (): Promise<Response> => authorizedFetch(parts, caller, request, sent);
  if (parts.traces === undefined) return work();
  return parts.traces.call.follow(
    () => begunOf(caller, request),
    work,
    ({ status, headers }) => ({
      ...sent,
      status,
      ...endOfStatus(status),
      wixRequestId: requestIdText(headers.get('x-wix-request-id')),
    }),
    () => sent,
  );
}

function begunOf({ instanceId }: Caller, { url, input, init }: SdkRequest): TraceBegun<'call'> {
  const { pathname, host } = new URL(url);
  return { by: 'sdk', method: methodOf(input, init), path: pathTemplate(pathname), host, instanceId };
}

async function authorizedFetch(
  parts: SdkParts,
  caller: Caller,
  { url, input, init }: SdkRequest,
  sent: { attempts: number },
): Promise<Response> {
  const send = async (token: WixAccessToken): Promise<Response> => {
    await parts.limiter.admit(caller.instanceId, Infinity);
    sent.attempts += 1;
    return fetch(requestFrom(url, input), { ...init, headers: headersOf(input, init, token) });
  };
  const token = await caller.token();
  const response = await send(token);
  return response.status === 401 && isReplayable(input, init)
    ? withFreshToken(parts.tokens, caller, { token, response, send })
    : response;
}

interface Refused {
  readonly token: WixAccessToken;
  readonly response: Response;
  readonly send: (token: WixAccessToken) => Promise<Response>;
}

async function withFreshToken(tokens: CallTokens, caller: Caller, refused: Refused): Promise<Response> {
  const fresh = await tokens.replace(refused.token, caller);
  if (fresh === undefined) return refused.response;
  await refused.response.body?.cancel();
  const response = await refused.send(fresh);
  if (response.status === 401) tokens.suppressInvalidation(fresh);
  return response;
}

// The SDK knows these two by heart, over https, whatever API its client is meant for.
const OWN_ORIGIN = /^https:\/\/(?:www|edge)\.wixapis\.com(?=\/|$)/i;

const pathOrUrlOf = (input: Input): string =>
  (input instanceof Request ? input.url : String(input)).replace(OWN_ORIGIN, '');

const requestFrom = (url: string, input: Input): Request | string =>
  input instanceof Request ? new Request(url, input) : url;

function headersOf(input: Input, init: Init, token: WixAccessToken): Headers {
  const headers = new Headers(init.headers ?? (input instanceof Request ? input.headers : undefined));
  headers.set('Authorization', token.value);
  return headers;
}

const isReplayable = (input: Input, { body }: Init): boolean =>
  !isStream(body) && (!(input instanceof Request) || input.body === null);

const isStream = (body: unknown): boolean => typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
