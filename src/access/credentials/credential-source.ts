import { COPY, thisCopy } from '../../core/marks.js';
import type { ExecutionContext } from '@nestjs/common';

/** A credential from a place that accepts signed instances only. */
export interface PresentedSignedInstance {
  /** The text as presented: `<signature>.<data>`. */
  readonly signedInstance: string;
}

/**
 * Finds the credential in a context. The default, `HttpCredentialSource`, reads HTTP requests on Express
 * and Fastify, and GraphQL operations that came by one, and refuses everything else. Provide your own to guard
 * WebSocket gateways and message handlers.
 */
export abstract class CredentialSource {
  /** @internal */
  static readonly [COPY] = thisCopy;

  /**
   * The credential as text, with or without `Bearer`; a {@link PresentedSignedInstance} when only that is accepted;
   * `undefined` when nothing was presented. Called for every guarded request, so it should not compute much.
   *
   * Throw a {@link WixAuthError} to refuse, such as {@link WixCredentialsAmbiguousError} for two credentials.
   */
  abstract presented(context: ExecutionContext): string | PresentedSignedInstance | undefined;
}
