import { expanded, provingPermissionsOf } from './scopes/scope-catalogue.js';
import type { ScopeRequirement } from './scopes/scope-requirement.js';
import type { WixScope } from './scopes/wix-scope.js';

/** A set of permission scopes and permission ids that the app or a caller holds. */
export interface WixGrants {
  /** The ids as they were granted or mapped, before expansion. */
  readonly ids: ReadonlySet<string>;
  /** Whether a scope or permission id is among them, or contained in one of them. */
  holds(scope: WixScope): boolean;
}

/** What a site granted the app. Wix's list holds scope ids, or permission ids, or both. */
export function appGrantsOf(ids: Iterable<string>): WixGrants {
  const granted = new Set(ids);
  const contained = expanded(granted, 'observed');
  return { ids: granted, holds: (scope) => contained.has(scope) || grantsEveryPermissionOf(granted, scope) };
}

/** What a user, member or visitor was mapped to. Only documented containment counts: a mapping must not grow by guesses. */
export function mappedGrantsOf(ids: Iterable<string>): WixGrants {
  const mapped = new Set(ids);
  const contained = expanded(mapped, 'documented');
  return { ids: mapped, holds: (scope) => contained.has(scope) };
}

/** What both hold. */
export function intersectionOf(one: WixGrants, other: WixGrants): WixGrants {
  const holds = heldByBoth(one, other);
  return { ids: new Set([...one.ids, ...other.ids].filter(holds)), holds };
}

/** Tells of a scope whether both hold it: all that is needed of their intersection to decide about a request. */
export const heldByBoth =
  (one: WixGrants, other: WixGrants): WixGrants['holds'] =>
  (scope) =>
    one.holds(scope) && other.holds(scope);

/** Whether a requirement lacks nothing. Quicker than {@link lackingOf}, which also tells what. */
export const isSatisfied = ({ all, any }: ScopeRequirement, grants: Pick<WixGrants, 'holds'>): boolean =>
  all.every((scope) => grants.holds(scope)) && any.every((group) => group.some((scope) => grants.holds(scope)));

/** The scopes of a requirement that are lacking: of an any-of group without a match, all members. Empty: satisfied. */
export function lackingOf(requirement: ScopeRequirement, grants: WixGrants): readonly WixScope[] {
  const lacking = requirement.all.filter((scope) => !grants.holds(scope));
  const failedGroups = requirement.any.filter((group) => !group.some((scope) => grants.holds(scope)));
  return [...new Set([...lacking, ...failedGroups.flat()])];
}

// Counted on the ids Wix listed itself: permissions that other scopes are thought to bring along prove no scope.
function grantsEveryPermissionOf(granted: ReadonlySet<string>, scope: string): boolean {
  const permissions = provingPermissionsOf(scope);
  return permissions.length > 0 && permissions.every((permission) => granted.has(permission));
}
