import type { ExecutionContext } from '@nestjs/common';

import type { AuthEvents } from '../../core/auth-events.js';
import type { WixClock } from '../../core/clock.js';
import { WixScopeMissingError } from '../../core/wix-auth.errors.js';
import { endOf, type TracedWork } from '../../diagnostics/trace-channel.js';
import { Traces, type CallerFacts } from '../../diagnostics/traces.js';
import { NoAccessAudit, type WixAccessDecision } from '../audit/access-audit.js';
import { AuditTrail } from '../audit/audit-trail.js';
import type { Admitted } from './admitted-identity.js';
import { handlerOf, requestIdOf, routeOf } from './called-route.js';

/** Where decisions go. */
export interface DecisionParts {
  readonly traces: Traces;
  readonly audit: AuditTrail;
  readonly clock: WixClock;
}

/** Reports the decisions of guards to traces and the audit. */
export class AccessDecisions {
  readonly #parts: DecisionParts;

  constructor(parts: DecisionParts) {
    this.#parts = parts;
  }

  /** Decisions that are not reported. */
  static untold(events: AuthEvents, clock: WixClock): AccessDecisions {
    const audit = new AuditTrail(new NoAccessAudit(), 'refusals', events);
    return new AccessDecisions({ traces: new Traces(), audit, clock });
  }

  /** Whether calls allowed from the cache are reported. Read on every request. */
  get wantsAllowed(): boolean {
    const { audit, traces } = this.#parts;
    return audit.hearsAllowed || traces.decision.hasListeners;
  }

  /** A call was allowed from the cache. */
  allowedAtOnce(context: ExecutionContext, identity: Admitted): void {
    const { traces, audit } = this.#parts;
    const caller = identity === null ? {} : traces.callerFacts(identity);
    const call = { route: routeOf(context), handler: handlerOf(context) };
    if (traces.decision.hasListeners) {
      traces.decision.publish({ ...call, ...caller, isCached: true, outcome: 'success' });
    }
    if (audit.hearsAllowed) audit.record(this.#entry(context, identity, { decision: 'allowed', tookMs: 0 }));
  }

  /**
   * A call that was let pass would be refused if the scopes that its route reports were required; without facts, that
   * could not be found out.
   */
  reported(
    context: ExecutionContext,
    identity: Admitted,
    facts: Pick<WixAccessDecision, 'missingScopes' | 'lackedBy'> | undefined,
  ): void {
    const { traces, audit } = this.#parts;
    const code = facts === undefined ? 'WIX_UNAVAILABLE' : 'WIX_SCOPE_MISSING';
    if (traces.decision.hasListeners) {
      const call = { route: routeOf(context), handler: handlerOf(context) };
      const caller = identity === null ? {} : traces.callerFacts(identity);
      traces.decision.publish({ ...call, ...caller, outcome: 'reported', code, ...facts });
    }
    if (!audit.hearsRefusals) return;
    audit.record(this.#entry(context, identity, { decision: 'reported', code, tookMs: 0, ...facts }));
  }

  /** Begins a decision that takes time. */
  begin(context: ExecutionContext): PendingDecision {
    const begun = this.#parts.traces.decision.begin(() => ({
      route: routeOf(context),
      handler: handlerOf(context),
      isCached: false,
    }));
    return new PendingDecision(this.#parts, begun, (facts) => this.#entry(context, null, facts));
  }

  #entry(context: ExecutionContext, identity: Admitted, facts: EntryFacts): WixAccessDecision {
    return {
      code: undefined,
      route: routeOf(context),
      handler: handlerOf(context),
      identityType: undefined,
      instanceId: undefined,
      ...(identity !== null && this.#parts.traces.callerFacts(identity)),
      missingScopes: [],
      lackedBy: [],
      requestId: requestIdOf(context),
      decidedAt: new Date(this.#parts.clock.nowMs()),
      ...facts,
    };
  }
}

type EntryFacts = Pick<WixAccessDecision, 'decision' | 'tookMs'> & Partial<WixAccessDecision>;

/** A decision in progress. */
export class PendingDecision {
  readonly #parts: DecisionParts;
  readonly #traced: TracedWork<'decision'> | undefined;
  readonly #entry: (facts: EntryFacts) => WixAccessDecision;
  readonly #startedMs = performance.now();
  #caller: Partial<CallerFacts> = {};

  constructor(
    parts: DecisionParts,
    traced: TracedWork<'decision'> | undefined,
    entry: (facts: EntryFacts) => WixAccessDecision,
  ) {
    this.#parts = parts;
    this.#traced = traced;
    this.#entry = entry;
  }

  /** The caller was verified. */
  identified(identity: Admitted): void {
    if (identity !== null) this.#caller = this.#parts.traces.callerFacts(identity);
  }

  /** It is known which installation the call is about: it has no caller, Wix signed it. */
  signedFor(instanceId: string): void {
    this.#caller = { instanceId };
  }

  /** The call is allowed. */
  allowed(): void {
    this.#traced?.succeeded(this.#caller);
    if (this.#parts.audit.hearsAllowed) this.#record({ decision: 'allowed' });
  }

  /** The call is refused. */
  refused(error: unknown): void {
    const scopes = scopeFactsOf(error);
    this.#traced?.failed(error, { ...this.#caller, ...scopes });
    const { outcome, code } = endOf(error);
    if (this.#parts.audit.hearsRefusals) {
      this.#record({ decision: outcome === 'success' ? 'failed' : outcome, code, ...scopes });
    }
  }

  #record(facts: Omit<EntryFacts, 'tookMs'>): void {
    const tookMs = performance.now() - this.#startedMs;
    this.#parts.audit.record(this.#entry({ ...this.#caller, ...facts, tookMs }));
  }
}

const scopeFactsOf = (error: unknown): Partial<WixAccessDecision> =>
  error instanceof WixScopeMissingError ? { missingScopes: error.missingScopes, lackedBy: error.lackedBy } : {};
