import { HttpException, type ExecutionContext } from '@nestjs/common';

import type { AccessDecisions } from '../access/guards/access-decisions.js';
import type { AuthEvents } from '../core/auth-events.js';
import { WixUnavailableError } from '../core/wix-auth.errors.js';
import { unauthorized } from './bodies/request-exceptions.js';

/** Where the decisions about signed requests go. */
export interface SignedDecisionParts {
  readonly decisions: AccessDecisions;
  readonly events: AuthEvents;
}

/** Reports decisions about signed requests to traces and the audit, and makes the refusals. */
export class SignedDecisions {
  readonly #parts: SignedDecisionParts;

  constructor(parts: SignedDecisionParts) {
    this.#parts = parts;
  }

  /**
   * Decides about a call by the result of `verify`.
   *
   * @param instanceIdOf the installation the call is about, where it names one.
   */
  decided<Verified>(
    context: ExecutionContext,
    verify: () => Verified,
    instanceIdOf?: (verified: Verified) => string,
  ): Verified {
    const decision = this.#parts.decisions.begin(context);
    try {
      const verified = verify();
      if (instanceIdOf !== undefined) decision.signedFor(instanceIdOf(verified));
      decision.allowed();
      return verified;
    } catch (error) {
      decision.refused(error);
      throw unauthorized(error, this.#parts.events);
    }
  }

  /** The first of two steps: tells only if the call is refused already. */
  refusedAtOnce<Verified>(context: ExecutionContext, verify: () => Verified): Verified {
    try {
      return verify();
    } catch (error) {
      return this.decided(context, () => {
        throw error;
      });
    }
  }

  /** The second, which takes time: decides about the call. */
  async decidedLater<Claimed>(context: ExecutionContext, claim: () => Promise<Claimed>): Promise<Claimed> {
    const decision = this.#parts.decisions.begin(context);
    try {
      const claimed = await claim();
      decision.allowed();
      return claimed;
    } catch (error) {
      decision.refused(
        isUnavailable(error) ? new WixUnavailableError('It is not known yet whether it was used.') : error,
      );
      throw unauthorized(error, this.#parts.events);
    }
  }
}

const isUnavailable = (error: unknown): boolean => error instanceof HttpException && error.getStatus() === 503;
