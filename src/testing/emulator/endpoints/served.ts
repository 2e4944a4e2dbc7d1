import { jsonAnswer } from '../wire/answer.js';
import type { TokenSubject } from '../tokens/token-ledger.js';
import type { EmulatedInstall } from '../world/emulated-install.js';
import { authorize, identify } from './authorization.js';
import type { Call, Endpoint } from './endpoint.js';

/** A call to an endpoint of your own. */
export interface ServedCall {
  /** The values of the path's `:name` segments. */
  readonly params: Readonly<Record<string, string>>;
  /** The query; of a repeated parameter the last value. */
  readonly query: Readonly<Record<string, string>>;
  /** The body, parsed when it is JSON or a form, else text; `undefined` when empty. */
  readonly body: unknown;
  /** The installation called for; its `site` holds the people and products. */
  readonly install: EmulatedInstall;
  /** Who called. */
  readonly subject: TokenSubject;
}

/** How an endpoint of your own is guarded. */
export interface ServeOptions {
  /** The scope the app, and the user it acts for, need. @default none: any valid token will do */
  readonly scope?: string | undefined;
}

/** An endpoint that identifies the caller as Wix does and answers 200 with what the handler returns. */
export function servedEndpoint(route: string, options: ServeOptions, handler: (call: ServedCall) => unknown): Endpoint {
  const [method, path] = route.split(' ');
  if (!method || !path?.startsWith('/')) throw new Error(`Write the route as "GET /some/path/:id", not "${route}".`);
  return { method, path, handle: async (call) => jsonAnswer(200, (await handler(servedCall(call, options))) ?? {}) };
}

function servedCall(call: Call, { scope }: ServeOptions): ServedCall {
  const { scopes } = call.platform;
  const { token, install } = scope === undefined ? identify(call) : authorize(call, scopes.needOf(scope));
  const { query, body } = call.request;
  return { params: call.params, query, body, install, subject: token.subject };
}
