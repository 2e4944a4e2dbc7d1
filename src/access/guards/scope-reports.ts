import type { ServerResponse } from 'node:http';

import type { ExecutionContext } from '@nestjs/common';

import type { AuthEvents } from '../../core/auth-events.js';
import type { AnyWixIdentity } from '../../core/identities/wix-identity.js';
import { WixScopeMissingError } from '../../core/wix-auth.errors.js';
import type { AccessPolicy } from '../policy/access-policy.js';
import type { AccessDecisions } from './access-decisions.js';
import type { CallerScopes } from './access-parts.js';
import { handlerOf, routeOf } from './called-route.js';

/** What reports are made from. */
export interface ScopeReportParts {
  readonly grants: CallerScopes;
  readonly events: AuthEvents;
  readonly decisions: AccessDecisions;
}

// Further ones are reported as unknown: callers who were let in must not fill the memory.
const MAX_UNFINISHED = 100;

/** Checks, after the answer, whether a call would have been refused if reported scopes were required. */
export class ScopeReports {
  readonly #parts: ScopeReportParts;
  #unfinished = 0;

  constructor(parts: ScopeReportParts) {
    this.#parts = parts;
  }

  /** Checks an allowed call. Does not delay the caller, and never throws. */
  afterAnswer(context: ExecutionContext, identity: AnyWixIdentity, policy: AccessPolicy): void {
    onceAnswered(context, () => {
      void this.#report(context, identity, policy);
    });
  }

  async #report(context: ExecutionContext, identity: AnyWixIdentity, policy: AccessPolicy): Promise<void> {
    const requirement = { all: policy.reported, any: [] };
    try {
      if (this.#parts.grants.cachedSatisfy(identity, requirement, policy.scopeAuthority)) return;
      await this.#within(() => this.#parts.grants.require(identity, requirement, policy.scopeAuthority));
    } catch (error) {
      this.#tell(context, identity, policy, error);
    }
  }

  async #within(work: () => Promise<void>): Promise<void> {
    if (this.#unfinished >= MAX_UNFINISHED) throw new Error('Too many reports are unfinished.');
    this.#unfinished += 1;
    try {
      await work();
    } finally {
      this.#unfinished -= 1;
    }
  }

  #tell(context: ExecutionContext, identity: AnyWixIdentity, { reported }: AccessPolicy, error: unknown): void {
    const isKnown = error instanceof WixScopeMissingError;
    const scopes = isKnown ? error.missingScopes : reported;
    const lackedBy = isKnown ? error.lackedBy : [];
    this.#parts.events.emit('scopesReported', {
      route: routeOf(context) ?? handlerOf(context),
      identityType: identity.type,
      outcome: isKnown ? 'refused' : 'unknown',
      scopes,
      lackedBy,
    });
    this.#parts.decisions.reported(context, identity, isKnown ? { missingScopes: scopes, lackedBy } : undefined);
  }
}

// A connection that ends without an answer closes as well. What has no response of its own is answered in a while.
function onceAnswered(context: ExecutionContext, report: () => void): void {
  const response = context.getType() === 'http' ? nodeResponse(context.getArgByIndex<unknown>(1)) : undefined;
  if (response === undefined) setImmediate(report);
  else response.once('close', report);
}

// Fastify's reply has Node's response in it.
function nodeResponse(response: unknown): Pick<ServerResponse, 'once'> | undefined {
  const inner: unknown = Reflect.get(Object(response) as object, 'raw') ?? response;
  return typeof Reflect.get(Object(inner) as object, 'once') === 'function' ? (inner as ServerResponse) : undefined;
}
