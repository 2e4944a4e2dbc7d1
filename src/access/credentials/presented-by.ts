import type { WixMessageTransport } from '../../nest/message-transports.js';
import type { ClientConnection } from './client-connection.js';

/** A call, or a connection, that came by a transport with a place for a credential. */
export interface PresentedBy {
  readonly transport: WixMessageTransport;
  /** Reads the credential, with or without `Bearer`; `undefined` when none was presented. */
  readonly credential: () => string | undefined;
  /** The connection that presented it, where the credential counts for all of its messages. */
  readonly connection?: ClientConnection;
}
