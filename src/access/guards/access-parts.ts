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
  /** The identity behind a credential that was verified lately, at once. */
  cached(credential: string): AnyWixIdentity | undefined;
  /** The identity behind an access token or a signed instance. */
  verify(credential: string): Promise<AnyWixIdentity>;
  /** The identity behind a signed instance, at once. */
  verifySignedInstance(credential: string): AnyWixIdentity;
}

/** Which scopes a caller has. */
export interface CallerScopes {
  /** Whether what is cached satisfies a requirement. `false` means: ask {@link require}. */
  cachedSatisfy(identity: AnyWixIdentity, requirement: ScopeRequirement, authority: ScopeAuthority): boolean;
  /** Rejects unless the requirement is met. */
  require(identity: AnyWixIdentity, requirement: ScopeRequirement, authority: ScopeAuthority): Promise<void>;
}

/** Which plan the caller's site has. */
export interface CallerPlans {
  /** Whether what is cached says that the site has one of the plans. `false` means: ask {@link require}. */
  cachedSatisfy(identity: AnyWixIdentity, plans: readonly string[]): boolean;
  /** Rejects unless the site has one of the plans. */
  require(identity: AnyWixIdentity, plans: readonly string[]): Promise<void>;
}

/** Hears through which connections calls came that were let pass. */
export interface CallerConnections {
  /** A call was let pass. */
  admitted(context: ExecutionContext, identity: AnyWixIdentity): void;
}

/** What decides about access: types of this room, so that guards know nothing of how others answer. */
export interface AccessParts {
  readonly policies: AccessPolicies;
  readonly source: CredentialSource;
  readonly identities: CallerIdentities;
  readonly grants: CallerScopes;
  readonly plans: CallerPlans;
  readonly events: AuthEvents;
  readonly clock: WixClock;
  /** How refusals are written over HTTP; Nest's body by default. */
  readonly format?: HttpErrorFormat;
  /** @default nothing wants to know of decisions */
  readonly decisions?: AccessDecisions;
  /** @default connections last as long as their clients want */
  readonly connections?: CallerConnections;
}
