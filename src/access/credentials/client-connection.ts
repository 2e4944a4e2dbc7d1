import type { WixAuthError, WixAuthErrorCode } from '../../core/wix-auth.errors.js';
import { messagePayloadOf } from '../responses/refusal.js';
import { answerStatusOf } from '../responses/response-status.js';
import { tellClient } from '../responses/tell-client.js';
import { hasMethods, isShape } from './shapes.js';

/** The connection of a client, with what is needed to end it. */
export interface ClientConnection {
  /** The client as its package created it: the same object for all messages of the connection. */
  readonly client: object;
  readonly isOpen: () => boolean;
  /** Calls the listener once, when the connection closes. */
  readonly onceClosed: (listener: () => void) => void;
  /** Sends the client the reason, and closes the connection. */
  readonly end: (error: WixAuthError) => void;
}

/** A client of socket.io. */
export interface SocketIoClient {
  readonly connected: boolean;
  readonly handshake: object;
  readonly request?: object;
  once(event: string, listener: () => void): unknown;
  emit(event: string, payload: unknown): unknown;
  disconnect(close: boolean): unknown;
}

/** A client of the package ws. */
export interface WsClient {
  readonly readyState: number;
  readonly protocol?: unknown;
  once(event: string, listener: () => void): unknown;
  send(text: string): unknown;
  close(code: number, reason: string): unknown;
}

/** Whether a value is a client of socket.io. */
export const isSocketIoClient = (value: unknown): value is SocketIoClient =>
  hasMethods(value, 'once', 'emit', 'disconnect') && isShape(Reflect.get(value, 'handshake'));

/** Whether a value is a client of the package ws. */
export const isWsClient = (value: unknown): value is WsClient =>
  hasMethods(value, 'once', 'send', 'close') && typeof Reflect.get(value, 'readyState') === 'number';

/** The connection of a client of socket.io: one namespace, or several, over one connection. */
export const socketIoConnection = (client: SocketIoClient): ClientConnection => ({
  client,
  isOpen: () => client.connected,
  onceClosed: (listener) => client.once('disconnect', listener),
  end: (error) => {
    tellClient(client, messagePayloadOf(error));
    client.disconnect(true);
  },
});

/** The connection of a client of ws. */
export const wsConnection = (client: WsClient): ClientConnection => ({
  ...rawConnection(client),
  end: (error) => {
    tellClient(client, messagePayloadOf(error));
    client.close(closeCodeOf(error.code), error.code);
  },
});

/** The connection of a client of graphql-ws. Its protocol has no message for a reason: only the close frame has it. */
export const graphqlWsConnection = (client: WsClient): ClientConnection => ({
  ...rawConnection(client),
  end: ({ code }) => {
    // After 4403 its clients connect again, with new parameters; after 4401 they give up.
    client.close(code === 'WIX_CREDENTIALS_EXPIRED' ? 4403 : closeCodeOf(code), code);
  },
});

const OPEN = 1;

const rawConnection = (client: WsClient): Omit<ClientConnection, 'end'> => ({
  client,
  isOpen: () => client.readyState === OPEN,
  onceClosed: (listener) => client.once('close', listener),
});

// Codes from 4000 on belong to applications; those of RFC 6455 say that the server failed, or to try again later.
function closeCodeOf(code: WixAuthErrorCode): number {
  const status: number = answerStatusOf(code);
  if (status < 500) return 4_000 + status;
  return code === 'WIX_UNAVAILABLE' ? 1_013 : 1_011;
}
