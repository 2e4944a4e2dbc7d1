import type { ExecutionContext } from '@nestjs/common';

import { WixAuthError, WixCredentialsMissingError, WixIdentityNotAllowedError } from '../../core/wix-auth.errors.js';
import type { AnyWixIdentity, WixIdentityType } from '../../core/identities/wix-identity.js';
import type { AccessPolicy } from '../policy/access-policy.js';
import { AccessDecisions } from './access-decisions.js';
import type { AccessParts } from './access-parts.js';
import { ScopeReports } from './scope-reports.js';
import { admit, appliedTo, noteIdentity, type Admitted } from './admitted-identity.js';
import type { WixAuthority } from '../policy/authority.js';
import { exceptionFor, reportOurFault } from '../responses/refusal.js';

/** Decides who may call; shared by all guards of a registration. */
export class WixAccess {
  readonly #parts: AccessParts;
  readonly #decisions: AccessDecisions;
  readonly #reports: ScopeReports;
  // Guards that answer at once follow each other at once: noting the last call here, and not on it, spares every
  // request an allocation.
  #lastContext: ExecutionContext | undefined;
  #lastPolicy: AccessPolicy | undefined;
  #lastIdentity: AnyWixIdentity | undefined;

  constructor(parts: AccessParts) {
    this.#parts = parts;
    this.#decisions = parts.decisions ?? AccessDecisions.untold(parts.events, parts.clock);
    this.#reports = new ScopeReports({ ...parts, decisions: this.#decisions });
  }

  /**
   * Lets a call pass or refuses it. Answers at once for a caller verified lately whose grants are known, and
   * otherwise with a promise. What one guard has let pass under a policy, no other guard on the call looks at again,
   * until the credential has expired.
   *
   * Rejects with the transport's own exception: {@link WixAuthException} for HTTP.
   */
  admit(context: ExecutionContext, guard: WixAuthority): true | Promise<true> {
    return this.#admitsAtOnce(context, guard) || this.#admit(context, guard);
  }

  #admitsAtOnce(context: ExecutionContext, guard: WixAuthority): boolean {
    try {
      const policy = this.#policyOf(context, guard);
      if (policy.skipsAuthentication || this.#isAdmitted(context, policy)) return true;
      const identity = this.#cachedIdentity(context);
      if (identity === undefined || !this.#cachedSuffices(identity, policy)) return false;
      this.#admitAtOnce(context, identity, policy);
      this.#parts.connections?.admitted(context, identity);
      if (this.#decisions.wantsAllowed) this.#decisions.allowedAtOnce(context, identity);
      if (policy.reported.length > 0) this.#reports.afterAnswer(context, identity, policy);
      return true;
    } catch {
      // Refused, or failed: the slow path reports it, with the same result.
      return false;
    }
  }

  #isAdmitted(context: ExecutionContext, policy: AccessPolicy): boolean {
    const isLast = this.#lastContext === context && this.#lastPolicy === policy;
    const identity = isLast ? this.#lastIdentity : appliedTo(context, policy);
    return identity === null || (identity !== undefined && identity.expiresAt.getTime() > this.#parts.clock.nowMs());
  }

  #admitAtOnce(context: ExecutionContext, identity: AnyWixIdentity, policy: AccessPolicy): void {
    noteIdentity(context, identity, this);
    this.#lastContext = context;
    this.#lastPolicy = policy;
    this.#lastIdentity = identity;
  }

  async #admit(context: ExecutionContext, guard: WixAuthority): Promise<true> {
    const decision = this.#decisions.begin(context);
    try {
      const policy = this.#policyOf(context, guard);
      const identity = await this.#identify(context);
      decision.identified(identity);
      await this.#authorize(identity, policy);
      admit(context, identity, policy, this);
      decision.allowed();
      if (identity !== null) this.#parts.connections?.admitted(context, identity);
      if (identity !== null && policy.reported.length > 0) this.#reports.afterAnswer(context, identity, policy);
      return true;
    } catch (error) {
      decision.refused(error);
      if (!(error instanceof WixAuthError)) throw error;
      reportOurFault(error, this.#parts.events);
      throw await exceptionFor(error, context, this.#parts.format);
    }
  }

  #policyOf(context: ExecutionContext, guard: WixAuthority): AccessPolicy {
    return this.#parts.policies.of(context.getClass(), context.getHandler(), guard);
  }

  #cachedIdentity(context: ExecutionContext): AnyWixIdentity | undefined {
    const credential = this.#parts.source.presented(context);
    return typeof credential === 'string' ? this.#parts.identities.cached(credential) : undefined;
  }

  #cachedSuffices(identity: AnyWixIdentity, policy: AccessPolicy): boolean {
    if (policy.isPublic) return true;
    const { identities, requirement, scopeAuthority, plans } = policy;
    return (
      identities.includes(identity.type) &&
      this.#parts.grants.cachedSatisfy(identity, requirement, scopeAuthority) &&
      (plans === undefined || this.#parts.plans.cachedSatisfy(identity, plans))
    );
  }

  async #identify(context: ExecutionContext): Promise<Admitted> {
    const credential = this.#parts.source.presented(context);
    if (credential === undefined || credential === '') return null;
    return typeof credential === 'string'
      ? this.#parts.identities.verify(credential)
      : this.#parts.identities.verifySignedInstance(credential.signedInstance);
  }

  async #authorize(identity: Admitted, policy: AccessPolicy): Promise<void> {
    if (policy.isPublic) return;
    if (identity === null) throw new WixCredentialsMissingError('Send a Wix access token in the Authorization header.');
    if (!policy.identities.includes(identity.type)) throw notAllowed(identity, policy);
    await this.#parts.grants.require(identity, policy.requirement, policy.scopeAuthority);
    if (policy.plans !== undefined) await this.#parts.plans.require(identity, policy.plans);
  }
}

function notAllowed({ type }: AnyWixIdentity, { authority, identities }: AccessPolicy): WixIdentityNotAllowedError {
  const article = type === 'app' ? 'an' : 'a';
  return new WixIdentityNotAllowedError(
    `The caller is ${article} ${type}, and this route takes ${identities.join(', ')}.` +
      (authority === 'instance' ? widening(type, identities) : ''),
    type,
    identities,
  );
}

function widening(type: WixIdentityType, identities: readonly WixIdentityType[]): string {
  const list = [...identities, type].map((one) => `'${one}'`).join(', ');
  return type === 'app'
    ? ` The list of @AllowIdentities or "allow" replaces the default, which is the app: to let the app itself call ` +
        `too, make it @AllowIdentities(${list}).`
    : ` It acts with the app's own permissions, and no front end of Wix sends an app token: ` +
        `to let others act with them, add @AllowIdentities(${list}).`;
}
