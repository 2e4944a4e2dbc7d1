import type { ExecutionContext } from '@nestjs/common';

import type { AuthEvents } from '../../core/auth-events.js';
import type { AnyWixIdentity } from '../../core/identities/wix-identity.js';
import { WixAuthError, WixCredentialsMissingError, WixMisconfiguredError } from '../../core/wix-auth.errors.js';
import type { MessageCredentials } from '../credentials/message-credentials.js';
import type { PresentedBy } from '../credentials/presented-by.js';
import { reportOurFault } from '../responses/refusal.js';
import type { HeldConnections } from './held-connections.js';

/** Who is behind a credential. */
export interface ConnectionIdentities {
  /** The identity behind a credential that was verified lately and not forgotten since, at once. */
  cached(credential: string): AnyWixIdentity | undefined;
  /** The identity behind an access token or a signed instance. */
  verify(credential: string): Promise<AnyWixIdentity>;
}

/** What decides about connections. */
export interface ConnectionParts {
  readonly messages: MessageCredentials;
  readonly identities: ConnectionIdentities;
  readonly held: HeldConnections;
  readonly events: AuthEvents;
}

/** Decides about connections, where guards decide about single calls. */
export class ConnectionAccess {
  readonly #parts: ConnectionParts;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
  }

  /** A guard let a call pass: the connection it came by lasts no longer than its credential. */
  admitted(context: ExecutionContext, identity: AnyWixIdentity): void {
    if (context.getType() === 'http') return;
    const presented = this.#parts.messages.ofCall(context);
    if (presented?.connection === undefined || this.#parts.held.has(presented.connection.client)) return;
    if (this.#isCurrent(presented, identity)) this.#parts.held.hold(presented.connection, identity);
    else void this.#identify(presented).catch(() => undefined);
  }

  /** Who is behind the connection of a client; `undefined` when it was refused, and ended. */
  async identify(client: object): Promise<AnyWixIdentity | undefined> {
    const presented = this.#parts.messages.ofClient(client);
    if (presented === undefined) throw notNamed();
    return this.#identify(presented);
  }

  async #identify(presented: PresentedBy): Promise<AnyWixIdentity | undefined> {
    try {
      const identity = await this.#verified(presented);
      if (presented.connection !== undefined) this.#parts.held.hold(presented.connection, identity);
      return identity;
    } catch (error) {
      if (!(error instanceof WixAuthError)) throw error;
      reportOurFault(error, this.#parts.events);
      presented.connection?.end(error);
      return undefined;
    }
  }

  async #verified(presented: PresentedBy): Promise<AnyWixIdentity> {
    const credential = presented.credential() ?? '';
    if (credential === '') throw new WixCredentialsMissingError('Send a Wix access token in the handshake.');
    const identity = await this.#parts.identities.verify(credential);
    return this.#isCurrent(presented, identity) ? identity : this.#parts.identities.verify(credential);
  }

  // An answer that was under way while the site removed the app is not cached, and nothing would end the connection.
  #isCurrent(presented: PresentedBy, identity: AnyWixIdentity): boolean {
    return this.#parts.identities.cached(presented.credential() ?? '') === identity;
  }
}

const notNamed = (): WixMisconfiguredError =>
  new WixMisconfiguredError('Name the transport of this gateway in the option messageTransports.');
