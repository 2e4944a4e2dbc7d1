import type { WixIdentityType } from '../../core/identities/wix-identity.js';
import type { ScopeAuthority, ScopeRequirement } from '../../grants/scopes/scope-requirement.js';
import type { WixScope } from '../../grants/scopes/wix-scope.js';
import { isDemanding, type AccessLevel } from './access-level.js';
import type { DeclaredAuthority, WixAuthority } from './authority.js';

/** Who may pass a handler, and with what: one answer, however many guards and decorators lead to it. */
export interface AccessPolicy {
  readonly authority: WixAuthority;
  /** The kinds of caller let in. */
  readonly identities: readonly WixIdentityType[];
  readonly requirement: ScopeRequirement;
  /** Whose scopes satisfy the requirement. */
  readonly scopeAuthority: ScopeAuthority;
  /** Scopes of which a lack is reported and refuses no call: those that are not required anyway. */
  readonly reported: readonly WixScope[];
  /** The paid plans of which the site must have one; `undefined` where none is required. */
  readonly plans: readonly string[] | undefined;
  /** Everyone may call, with or without a credential. */
  readonly isPublic: boolean;
  /** Public, and the handler does not ask who calls either: nothing is read from the request. */
  readonly skipsAuthentication: boolean;
}

/** Every kind of caller. */
export const identityTypes: readonly WixIdentityType[] = ['app', 'user', 'member', 'visitor'];

const defaultIdentities: Record<WixAuthority, readonly WixIdentityType[]> = {
  auth: identityTypes,
  instance: ['app'],
  user: ['user'],
};

/**
 * The policy that follows from the levels that speak about a handler, nearest first. The nearest authority holds, with
 * the identities named beside it or nearer; scopes add up.
 *
 * @param running - the authority of the guard that asks. A guard that stands on none of the levels was called by other
 * code, which relies on what that guard stands for, so its own authority holds.
 */
export function policyFrom(levels: readonly AccessLevel[], running: WixAuthority): AccessPolicy {
  const authority = authorityFrom(levels, running);
  const isPublic = openingLevel(levels) !== undefined;
  return Object.freeze({
    authority,
    identities: identitiesFrom(levels, authority),
    requirement: isPublic ? requiresNothing : requirementFrom(levels),
    reported: isPublic ? requiresNothing.all : reportedBy(levels),
    plans: isPublic ? undefined : plansFrom(levels),
    scopeAuthority: authority === 'instance' ? 'app' : 'caller',
    isPublic,
    skipsAuthentication: isPublic && !levels.some((level) => level.reads.includes('optional')),
  });
}

/** Whether a guard of that authority stands on one of the levels, or is the one that applies whatever stands there. */
export const standsOn = (levels: readonly AccessLevel[], running: WixAuthority): boolean =>
  running === 'auth' || levels.some((level) => level.authorities.includes(running));

/** The authority a level is under: its own, or else that of the next farther level. */
export const authorityAt = (levels: readonly AccessLevel[], level: AccessLevel): DeclaredAuthority | undefined =>
  levels.slice(levels.indexOf(level)).find(({ authorities }) => authorities.length > 0)?.authorities[0];

/** The level whose `@WixPublic()` opens a handler: the method, or a class with nothing declared nearer. */
export function openingLevel(levels: readonly AccessLevel[]): AccessLevel | undefined {
  const nearest = levels.find((level) => level.isPublic || level.isGuarded || isDemanding(level));
  return nearest?.isPublic === true ? nearest : undefined;
}

function authorityFrom(levels: readonly AccessLevel[], running: WixAuthority): WixAuthority {
  if (!standsOn(levels, running)) return running;
  return levels.find(({ authorities }) => authorities.length > 0)?.authorities[0] ?? 'auth';
}

function identitiesFrom(levels: readonly AccessLevel[], authority: WixAuthority): readonly WixIdentityType[] {
  // Lists that stand beside another authority, or beyond this one, speak for others.
  const named = levels.find((level) => level.authorities.length > 0 || level.identities.length > 0);
  const list = named?.identities[0];
  const owner = named === undefined ? undefined : authorityAt(levels, named);
  const isMeant = owner === undefined ? authority !== 'user' : owner === authority;
  return isMeant && list !== undefined ? [...list] : defaultIdentities[authority];
}

const requiresNothing: ScopeRequirement = Object.freeze({ all: Object.freeze([]), any: Object.freeze([]) });

function reportedBy(levels: readonly AccessLevel[]): readonly WixScope[] {
  const { all } = requirementFrom(levels);
  return [...new Set(levels.flatMap((level) => level.reported.flat()))].filter((scope) => !all.includes(scope));
}

const requirementFrom = (levels: readonly AccessLevel[]): ScopeRequirement => ({
  all: [...new Set(levels.flatMap((level) => level.all.flat()))],
  any: levels.flatMap((level) => level.any),
});

// A site has one plan, so one that satisfies every level is named by all of them.
function plansFrom(levels: readonly AccessLevel[]): readonly string[] | undefined {
  const groups = levels.flatMap((level) => level.plans);
  const [first] = groups;
  return first && [...new Set(first)].filter((plan) => groups.every((group) => group.includes(plan)));
}
