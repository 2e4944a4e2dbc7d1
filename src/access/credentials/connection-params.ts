import { graphqlWsConnection, isWsClient } from './client-connection.js';
import { rawRequest } from './http-request.js';
import { oneCredential } from './one-credential.js';
import type { PresentedBy } from './presented-by.js';
import { authorizationsIn, isShape } from './shapes.js';
import { headerOf } from './socket-handshake.js';

/**
 * How an operation over graphql-ws presents a credential: by `authorization` in the parameters of its connection, or in
 * the header of its handshake. `undefined` for operations that came by an HTTP request.
 *
 * @param context - the context of the operation. Nest's drivers put that of the connection into its `req`.
 */
export function presentedInParams(context: unknown): PresentedBy | undefined {
  const connection = isShape(context) ? [context['req'], context].find(isConnection) : undefined;
  if (connection === undefined) return undefined;
  const { connectionParams, extra } = connection;
  return {
    transport: 'graphql-ws',
    credential: () => oneCredential([...authorizationsIn(connectionParams), headerOf(rawRequest(extra.request))]),
    connection: graphqlWsConnection(extra.socket),
  };
}

interface GraphqlWsConnection {
  readonly connectionParams?: unknown;
  readonly extra: { readonly socket: Parameters<typeof graphqlWsConnection>[0]; readonly request?: unknown };
}

// The sender of an HTTP request cannot forge this: only a server has the client of a connection.
const isConnection = (value: unknown): value is GraphqlWsConnection =>
  isShape(value) && isShape(value['extra']) && isWsClient(value['extra']['socket']);
