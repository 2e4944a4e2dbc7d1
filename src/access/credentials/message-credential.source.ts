import type { ExecutionContext } from '@nestjs/common';

import type { WixMessageTransport } from '../../nest/message-transports.js';
import { CredentialSource, type PresentedSignedInstance } from './credential-source.js';
import { presentedInMetadata } from './message-metadata.js';
import type { PresentedBy } from './presented-by.js';

/**
 * Reads the credential of calls by the transports it is told of, and leaves all others to another source. It is there
 * when the option `messageTransports` names any.
 */
export class MessageCredentialSource extends CredentialSource {
  readonly #transports: ReadonlySet<WixMessageTransport>;
  readonly #otherwise: CredentialSource;

  /**
   * @param transports - where a credential may stand beside HTTP requests.
   * @param otherwise - reads all other calls, such as {@link HttpCredentialSource}.
   */
  constructor(transports: readonly WixMessageTransport[], otherwise: CredentialSource) {
    super();
    this.#transports = new Set(transports);
    this.#otherwise = otherwise;
  }

  /** @throws {@link WixCredentialsAmbiguousError}, {@link WixCredentialsMalformedError} about what was presented. */
  override presented(context: ExecutionContext): string | PresentedSignedInstance | undefined {
    const presented = presentedIn(context);
    return presented !== undefined && this.#transports.has(presented.transport)
      ? presented.credential()
      : this.#otherwise.presented(context);
  }
}

const presentedIn = (context: ExecutionContext): PresentedBy | undefined =>
  context.getType<string>() === 'rpc' ? presentedInMetadata(context) : undefined;
