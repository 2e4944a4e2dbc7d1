import type { WixScope } from './wix-scope.js';

/** The scopes something requires: all of `all`, and at least one of every group in `any`. */
export interface ScopeRequirement {
  readonly all: readonly WixScope[];
  readonly any: readonly (readonly WixScope[])[];
}

/**
 * Whose scopes count: the app's own (`'app'`), or the caller's (`'caller'`), which for a user, member or visitor is
 * what both the app and the caller hold.
 */
export type ScopeAuthority = 'app' | 'caller';

/** Every scope a requirement names, once. */
export const scopesNamedBy = (requirement: ScopeRequirement): readonly WixScope[] => [
  ...new Set([...requirement.all, ...requirement.any.flat()]),
];

/** Whether nothing at all is required. */
export const requiresNothing = (requirement: ScopeRequirement): boolean =>
  requirement.all.length === 0 && requirement.any.length === 0;
