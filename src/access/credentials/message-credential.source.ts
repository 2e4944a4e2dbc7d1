import type { ExecutionContext } from '@nestjs/common';

import { CredentialSource, type PresentedSignedInstance } from './credential-source.js';
import type { MessageCredentials } from './message-credentials.js';

/** Reads the credential of calls by the named transports, and leaves all others to another source. */
export class MessageCredentialSource extends CredentialSource {
  readonly #messages: MessageCredentials;
  readonly #otherwise: CredentialSource;

  constructor(messages: MessageCredentials, otherwise: CredentialSource) {
    super();
    this.#messages = messages;
    this.#otherwise = otherwise;
  }

  /** @throws {@link WixCredentialsAmbiguousError}, {@link WixCredentialsMalformedError} about what was presented. */
  override presented(context: ExecutionContext): string | PresentedSignedInstance | undefined {
    if (context.getType() === 'http') return this.#otherwise.presented(context);
    const presented = this.#messages.ofCall(context);
    return presented === undefined ? this.#otherwise.presented(context) : presented.credential();
  }
}
