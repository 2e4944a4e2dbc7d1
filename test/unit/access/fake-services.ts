import {
  WixCredentialsRejectedError,
  WixPlanRequiredError,
  WixScopeMissingError,
  type WixAuthError,
} from '../../../src/core/wix-auth.errors.js';
import type { AnyWixIdentity } from '../../../src/core/identities/wix-identity.js';
import { instanceIdFromWix } from '../../../src/core/identities/wix-instance-id.js';
import {
  scopesNamedBy,
  type ScopeAuthority,
  type ScopeRequirement,
} from '../../../src/grants/scopes/scope-requirement.js';
import { bareCredential } from '../../../src/identity/credential.js';

const base = {
  appId: '0f2c6f2e-36c5-4ba2-9eb7-5ae2a5e6b3e1',
  instanceId: instanceIdFromWix('9f9c5c16-59c8-4708-8c25-855505daa954'),
  credentialType: 'access-token',
  expiresAt: new Date('2030-01-01T00:00:00Z'),
} as const;

/** One identity of each kind. */
export const identityOf = {
  app: Object.freeze({ ...base, type: 'app' }),
  user: Object.freeze({ ...base, type: 'user', userId: 'u-1', isSiteOwner: false }),
  member: Object.freeze({ ...base, type: 'member', memberId: 'm-1' }),
  visitor: Object.freeze({ ...base, type: 'visitor', visitorId: 'v-1' }),
} as const satisfies Record<AnyWixIdentity['type'], AnyWixIdentity>;

/** Knows the tokens `app-token`, `user-token`, `member-token`, `visitor-token`; a signed instance is `<type>-instance`. */
export class FakeIdentities {
  /** What was asked to be verified, in order. */
  readonly verified: string[] = [];
  /** Whether tokens count as verified lately. */
  isWarm = true;
  /** Thrown instead of the usual answer. */
  failure: Error | undefined;

  cached(credential: string): AnyWixIdentity | undefined {
    return this.isWarm && this.failure === undefined ? find(bareCredential(credential), '-token') : undefined;
  }

  verify(credential: string): Promise<AnyWixIdentity> {
    const bare = bareCredential(credential);
    this.verified.push(bare);
    return Promise.resolve().then(() => this.#answer(find(bare, '-token') ?? find(bare, '-instance')));
  }

  verifySignedInstance(credential: string): AnyWixIdentity {
    this.verified.push(credential);
    return this.#answer(find(credential, '-instance'));
  }

  #answer(identity: AnyWixIdentity | undefined): AnyWixIdentity {
    if (this.failure !== undefined) throw this.failure;
    if (identity === undefined) throw new WixCredentialsRejectedError('Wix does not accept this.');
    return identity;
  }
}

const find = (credential: string, ending: string): AnyWixIdentity | undefined =>
  Object.values(identityOf).find(({ type }) => `${type}${ending}` === credential);

/** Grants every scope but those withheld. */
export class FakeGrants {
  /** Whom it was asked about, whose scopes counted, and for what. */
  readonly asked: { type: string; authority: ScopeAuthority; scopes: readonly string[] }[] = [];
  isWarm = true;
  withheld: readonly string[] = [];
  failure: WixAuthError | undefined;

  cachedSatisfy(_identity: AnyWixIdentity, requirement: ScopeRequirement): boolean {
    return this.isWarm && this.failure === undefined && !this.#lacks(requirement);
  }

  require({ type }: AnyWixIdentity, requirement: ScopeRequirement, authority: ScopeAuthority): Promise<void> {
    const scopes = scopesNamedBy(requirement);
    this.asked.push({ type, authority, scopes });
    if (this.failure !== undefined) return Promise.reject(this.failure);
    if (!this.#lacks(requirement)) return Promise.resolve();
    const refusal = { requiredScopes: scopes, missingScopes: this.withheld, lackedBy: ['user'] as const };
    return Promise.reject(new WixScopeMissingError('Missing.', refusal));
  }

  #lacks({ all, any }: ScopeRequirement): boolean {
    const isWithheld = (scope: string): boolean => this.withheld.includes(scope);
    return all.some(isWithheld) || any.some((group) => group.every(isWithheld));
  }
}

/** Every site has the plan `basic`, unless another is set. */
export class FakePlans {
  /** Which plans were asked for, in order. */
  readonly asked: (readonly string[])[] = [];
  isWarm = true;
  plan: string | undefined = 'basic';

  cachedSatisfy(_identity: AnyWixIdentity, plans: readonly string[]): boolean {
    return this.isWarm && this.#has(plans);
  }

  require(_identity: AnyWixIdentity, plans: readonly string[]): Promise<void> {
    this.asked.push(plans);
    if (this.#has(plans)) return Promise.resolve();
    return Promise.reject(new WixPlanRequiredError('Another plan.', plans, 'https://upgrade.test'));
  }

  #has(plans: readonly string[]): boolean {
    return this.plan !== undefined && plans.includes(this.plan);
  }
}
