import type { WixIdentityType } from '../../core/wix-identity.js';
import type { ScopeAuthority, ScopeRequirement } from '../../grants/scope-requirement.js';
import { isProtective, type AccessLevel } from './access-level.js';
import type { WixAuthority } from './authority.js';

/** Who may pass a handler, and with what: one answer, however many guards and decorators lead to it. */
export interface AccessPolicy {
  readonly authority: WixAuthority;
  /** The kinds of caller let in. */
  readonly identities: readonly WixIdentityType[];
  readonly requirement: ScopeRequirement;
  /** Whose scopes satisfy the requirement. */
  readonly scopeAuthority: ScopeAuthority;
  /** Everybody passes, known or not. */
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
 * The policy that follows from the levels that speak about a handler, nearest first. The nearest level that names a
 * guard, identities or publicness decides that; scopes add up.
 *
 * @param running - the authority of the guard that asks. A guard that stands on none of the levels was called by other
 * code, which relies on what that guard stands for, so its own authority holds.
 */
export function policyFrom(levels: readonly AccessLevel[], running: WixAuthority): AccessPolicy {
  const authority = authorityFrom(levels, running);
  const isPublic = isPublicAt(levels);
  return Object.freeze({
    authority,
    identities: identitiesFrom(levels) ?? defaultIdentities[authority],
    requirement: requirementFrom(levels),
    scopeAuthority: authority === 'instance' ? 'app' : 'caller',
    isPublic,
    skipsAuthentication: isPublic && !levels.some((level) => level.reads.includes('optional')),
  });
}

/** Whether a guard of that authority stands on one of the levels, or is the one that applies whatever stands there. */
export const standsOn = (levels: readonly AccessLevel[], running: WixAuthority): boolean =>
  running === 'auth' || levels.some((level) => level.authorities.includes(running));

function authorityFrom(levels: readonly AccessLevel[], running: WixAuthority): WixAuthority {
  const nearest = levels.find((level) => level.authorities.length > 0);
  return (standsOn(levels, running) ? nearest?.authorities[0] : undefined) ?? running;
}

const isPublicAt = (levels: readonly AccessLevel[]): boolean =>
  levels.find((level) => level.isPublic || isProtective(level))?.isPublic ?? false;

const identitiesFrom = (levels: readonly AccessLevel[]): readonly WixIdentityType[] | undefined =>
  levels.find((level) => level.identities.length > 0)?.identities[0];

const requirementFrom = (levels: readonly AccessLevel[]): ScopeRequirement => ({
  all: [...new Set(levels.flatMap((level) => level.all.flat()))],
  any: levels.flatMap((level) => level.any),
});
