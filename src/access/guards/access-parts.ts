import type { ExecutionContext } from '@nestjs/common';

import type { AuthEvents } from '../../core/auth-events.js';
import type { WixClock } from '../../core/clock.js';
import type { AnyWixIdentity } from '../../core/identities/wix-identity.js';
import type { ScopeAuthority, ScopeRequirement } from '../../grants/scopes/scope-requirement.js';
import type { HttpErrorFormat } from '../../nest/http-error-format.js';
import type { CredentialSource } from '../credentials/credential-source.js';
import type { AccessPolicies } from '../policy/access-policies.js';
import type { AccessDecisions } from './access-decisions.js';

/** Who is calling. */
export interface CallerIdentities {
  /** The cached identity for a recently verified credential. */
  cached(credential: string): AnyWixIdentity | undefined;
  /** The identity behind an access token or a signed instance. */
  verify(credential: string): Promise<AnyWixIdentity>;
  /** The identity in a signed instance, synchronously. */
  verifySignedInstance(credential: string): AnyWixIdentity;
}

/** Which scopes a caller has. */
export interface CallerScopes {
  /** Whether cached grants satisfy a requirement. `false` means: call {@link require}. */
  cachedSatisfy(identity: AnyWixIdentity, requirement: ScopeRequirement, authority: ScopeAuthority): boolean;
  /** Rejects unless the requirement is met. */
  require(identity: AnyWixIdentity, requirement: ScopeRequirement, authority: ScopeAuthority): Promise<void>;
}

/** Which plan the caller's site has. */
export interface CallerPlans {
  /** Whether the site has one of the plans, from the cache. `false` means: call {@link require}. */
  cachedSatisfy(identity: AnyWixIdentity, plans: readonly string[]): boolean;
  /** Rejects unless the site has one of the plans. */
  require(identity: AnyWixIdentity, plans: readonly string[]): Promise<void>;
}

/** Hears through which connections calls came that were let pass. */
export interface CallerConnections {
  /** A call was let pass. */
  admitted(context: ExecutionContext, identity: AnyWixIdentity): void;
}

/** What decides about access, as types of this room, so that guards do not depend on other rooms. */
export interface AccessParts {
  readonly policies: AccessPolicies;
  readonly source: CredentialSource;
  readonly identities: CallerIdentities;
  readonly grants: CallerScopes;
  readonly plans: CallerPlans;
  readonly events: AuthEvents;
  readonly clock: WixClock;
  /** The format of refusals over HTTP; Nest's body by default. */
  readonly format?: HttpErrorFormat;
  /** @default decisions are not reported */
  readonly decisions?: AccessDecisions;
  /** @default connections last as long as their clients want */
  readonly connections?: CallerConnections;
}
