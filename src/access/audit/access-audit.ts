import { COPY, thisCopy } from '../../core/marks.js';
import type { WixScopeHolder } from '../../core/wix-auth.errors.js';
import type { WixIdentityType } from '../../core/identities/wix-identity.js';

/** What a guard decided about one call. Plain data, never a credential. */
export interface WixAccessDecision {
  /**
   * `'refused'`: the answer is no. `'unavailable'`: Wix could not be reached, and the answer was 503. `'failed'`:
   * something has to be fixed here. `'reported'`: the call was let pass, and would be refused if the scopes of
   * {@link ReportScopes} were required; the code is `WIX_UNAVAILABLE` where that could not be found out.
   */
  readonly decision: 'allowed' | 'refused' | 'unavailable' | 'failed' | 'reported';
  /** The code of the refusal, such as `WIX_SCOPE_MISSING`. */
  readonly code: string | undefined;
  /** Method and path template, such as `GET /products/:id`; `undefined` where there is no HTTP route. */
  readonly route: string | undefined;
  /** Class and method. */
  readonly handler: string;
  /** Who called; `undefined` when no caller was verified. */
  readonly identityType: WixIdentityType | undefined;
  /** The installation of the caller; `undefined` when no caller was verified. */
  readonly instanceId: string | undefined;
  /** The id of the user, member or visitor, with the option `subjectIds`. */
  readonly subjectId?: string | undefined;
  /** The scopes that are missing; empty where that was not the reason. */
  readonly missingScopes: readonly string[];
  /** Who lacks them. */
  readonly lackedBy: readonly WixScopeHolder[];
  /** The id that Fastify, or a logger such as pino-http, gave the request (`request.id`). */
  readonly requestId: string | undefined;
  /** When it was decided, by the clock of the module. */
  readonly decidedAt: Date;
  /** How many milliseconds it took; 0 when everything was cached. */
  readonly tookMs: number;
}

/**
 * Receives what guards decide: every refusal, and with `audit: 'all'` allowed calls too. Provide a class of your own
 * under this token.
 *
 * It is called in the order of the decisions, before the caller is answered, and is not waited for: what it throws or
 * rejects with changes no answer, and is named in the log. When a thousand decisions are unfinished, further ones are
 * not handed over, and the log says how many. When the application stops, unfinished ones have until
 * `shutdownTimeoutMs`.
 */
export abstract class AccessAudit {
  /** @internal */
  static readonly [COPY] = thisCopy;

  /** Records a decision. */
  abstract decided(decision: WixAccessDecision): Promise<void> | void;
}

/** Records nothing: the default. */
export class NoAccessAudit extends AccessAudit {
  override decided(): void {
    // No audit is configured.
  }
}
