import { WixCredentialsMalformedError, WixMisconfiguredError } from '../../core/wix-auth.errors.js';
import { authorizationOf } from './authorization-header.js';
import {
  isSocketIoClient,
  isWsClient,
  socketIoConnection,
  wsConnection,
  type SocketIoClient,
  type WsClient,
} from './client-connection.js';
import { rawRequest, type HttpRequest } from './http-request.js';
import { oneCredential } from './one-credential.js';
import type { PresentedBy } from './presented-by.js';
import { isShape } from './shapes.js';

/** The requests with which connections began, by client. */
export type Handshakes = Pick<WeakMap<object, HttpRequest>, 'get'>;

/**
 * How the client of a WebSocket gateway presents a credential in its handshake: for socket.io `auth.token`, for ws a
 * subprotocol that begins with `authorization.`, and the header `Authorization` for both. `undefined` for clients of
 * other packages.
 */
export function presentedInHandshake(client: unknown, handshakes: Handshakes): PresentedBy | undefined {
  if (isSocketIoClient(client)) {
    return { transport: 'socket.io', credential: () => inSocketIo(client), connection: socketIoConnection(client) };
  }
  if (isWsClient(client)) {
    return { transport: 'ws', credential: () => inWs(client, handshakes), connection: wsConnection(client) };
  }
  return undefined;
}

function inSocketIo({ handshake, request }: SocketIoClient): string | undefined {
  const auth: unknown = Reflect.get(handshake, 'auth');
  return oneCredential([isShape(auth) ? auth['token'] : undefined, headerOf(rawRequest(request ?? handshake))]);
}

function inWs(client: WsClient, handshakes: Handshakes): string | undefined {
  const request = handshakes.get(client);
  if (request === undefined) throw new WixMisconfiguredError(HANDSHAKE_UNKNOWN);
  if (isCredential(client.protocol)) throw new WixCredentialsMalformedError(ONLY_PROTOCOL);
  return oneCredential([headerOf(request), ...protocolsOf(request).filter(isCredential).map(withoutPrefix)]);
}

/** The header `Authorization` of the request that opened a connection, if there is one. */
export const headerOf = (request: HttpRequest | undefined): string | undefined =>
  request === undefined ? undefined : authorizationOf(request);

const PREFIX = 'authorization.';

const isCredential = (protocol: unknown): boolean => typeof protocol === 'string' && protocol.startsWith(PREFIX);
const withoutPrefix = (protocol: string): string => protocol.slice(PREFIX.length);

const protocolsOf = ({ headers }: HttpRequest): readonly string[] =>
  (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());

const HANDSHAKE_UNKNOWN =
  'A client of ws does not have the request it came with: let the gateway hand both to WixConnections in ' +
  'handleConnection(client, request).';

// The server's answer contains the subprotocol that it selects, and no credential belongs there.
const ONLY_PROTOCOL =
  'The subprotocol that the server selected is the credential: let the client offer one of your own before it.';
