import type { IncomingMessage } from 'node:http';

import type { AnyWixIdentity } from '../../core/identities/wix-identity.js';
import type { MessageCredentials } from '../credentials/message-credentials.js';
import type { ConnectionAccess } from './connection-access.js';

/** What counts of the request with which a connection begins. */
type HandshakeRequest = Pick<IncomingMessage, 'headers' | 'rawHeaders'>;

/**
 * Who is behind the connections of WebSocket gateways, for gateways that send to their clients without being asked. Guards
 * decide about single messages and need this for clients of ws only.
 */
export class WixConnections {
  readonly #access: ConnectionAccess;
  readonly #messages: MessageCredentials;

  constructor(access: ConnectionAccess, messages: MessageCredentials) {
    this.#access = access;
    this.#messages = messages;
  }

  /**
   * Notes the request with which the connection of a client began, for guards to find the credential in it: clients of
   * ws do not have it, those of socket.io do. Call it, or {@link identify}, in `handleConnection()` before anything is
   * awaited.
   */
  note(client: object, request: HandshakeRequest): void {
    this.#messages.noteHandshake(client, request);
  }

  /**
   * Verifies the credential of a connection. It ends when the credential expires or the site removes the app. A client
   * without a good credential is told the code of the refusal as the event `exception`, and is disconnected.
   *
   * Call it in `handleConnection(client, request)`.
   *
   * @param request - what the adapter of ws hands over as well.
   * @returns `undefined` when the client was refused.
   * @throws {@link WixMisconfiguredError} when `messageTransports` does not name the transport.
   */
  async identify(client: object, request?: HandshakeRequest): Promise<AnyWixIdentity | undefined> {
    if (request !== undefined) this.note(client, request);
    return this.#access.identify(client);
  }
}
