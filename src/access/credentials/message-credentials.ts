import type { ExecutionContext } from '@nestjs/common';

import type { WixMessageTransport } from '../../nest/message-transports.js';
import { presentedInParams } from './connection-params.js';
import { graphqlContextOf, type HttpRequest } from './http-request.js';
import { presentedInMetadata } from './message-metadata.js';
import type { PresentedBy } from './presented-by.js';
import { presentedInHandshake } from './socket-handshake.js';

/** Finds the credentials of calls and connections by the transports that the application named. */
export class MessageCredentials {
  readonly #transports: ReadonlySet<WixMessageTransport>;
  readonly #handshakes = new WeakMap<object, HttpRequest>();

  constructor(transports: readonly WixMessageTransport[]) {
    this.#transports = new Set(transports);
  }

  /** Whether any transport is named. */
  get isUsed(): boolean {
    return this.#transports.size > 0;
  }

  /** Records the request that opened the connection of a client. */
  noteHandshake(client: object, request: HttpRequest): void {
    this.#handshakes.set(client, request);
  }

  /** How a call presents a credential; `undefined` when its transport is not named. */
  ofCall(context: ExecutionContext): PresentedBy | undefined {
    return this.#named(this.#presentedBy(context));
  }

  /** How the client of a WebSocket gateway presents a credential; `undefined` when its transport is not named. */
  ofClient(client: object): PresentedBy | undefined {
    return this.#named(presentedInHandshake(client, this.#handshakes));
  }

  #presentedBy(context: ExecutionContext): PresentedBy | undefined {
    switch (context.getType<string>()) {
      case 'rpc':
        return presentedInMetadata(context);
      case 'ws':
        return presentedInHandshake(context.getArgByIndex<unknown>(0), this.#handshakes);
      case 'graphql':
        return presentedInParams(graphqlContextOf(context));
      default:
        return undefined;
    }
  }

  #named(presented: PresentedBy | undefined): PresentedBy | undefined {
    return presented !== undefined && this.#transports.has(presented.transport) ? presented : undefined;
  }
}
