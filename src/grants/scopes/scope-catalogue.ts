import { nearestTo } from '../../core/values/nearest.js';
import { knownScopes, type KnownScope } from './known-scopes.js';

/** Which containment counts: what Wix documents, or also what was observed of its methods. */
export type Containment = 'documented' | 'observed';

const catalogue: ReadonlyMap<string, KnownScope> = new Map(Object.entries(knownScopes));

/** Every scope and permission id that comes with the given ones, themselves included. */
export function expanded(ids: Iterable<string>, containment: Containment): ReadonlySet<string> {
  const all = new Set(ids);
  // A set's iterator also visits what is added while it runs, so this reaches the whole closure.
  for (const id of all) {
    for (const contained of containedIn(catalogue.get(id), containment)) all.add(contained);
  }
  return all;
}

/**
 * The permission ids that together prove a scope; empty for those that permission ids cannot prove. The ids known of a
 * scope are a lower bound, and of a managing one often only those that read: such a scope is proven by its own id alone.
 */
export function provingPermissionsOf(scope: string): readonly string[] {
  const known = catalogue.get(scope);
  return known?.kind === 'read' ? known.permissions : [];
}

/** What site owners are shown for a scope; `undefined` for one that is not known. */
export const scopeNameOf = (scope: string): string | undefined => catalogue.get(scope)?.name;

/** The permission ids known to come with a scope: a lower bound. */
export const permissionIdsOf = (scope: string): readonly string[] => catalogue.get(scope)?.permissions ?? [];

/** Whether an id is that of a scope, as far as its form tells; else it is a permission id. */
export const isScopeId = (id: string): boolean => id.startsWith('SCOPE.');

function containedIn(scope: KnownScope | undefined, containment: Containment): readonly string[] {
  if (scope === undefined) return [];
  const observed = containment === 'observed' ? scope.observedScopes : [];
  return [...scope.documentedScopes, ...observed, ...scope.permissions];
}

const names = [
  ...new Set(
    [...catalogue].flatMap(([id, { permissions, documentedScopes, observedScopes }]) => [
      id,
      ...permissions,
      ...documentedScopes,
      ...observedScopes,
    ]),
  ),
];

/** What to say of a scope or permission id that is not known but near to one that is; otherwise nothing. */
export function doubtAbout(scope: string): string | undefined {
  const nearest = nearestTo(scope, names);
  return nearest === undefined ? undefined : `${scope} is not known as a scope of Wix: did you mean ${nearest}?`;
}

/** The scopes known to grant one of these permission ids, those that grant least else first. */
export function scopesGranting(permissionIds: readonly string[]): readonly string[] {
  return [...catalogue]
    .filter(([, { permissions }]) => permissionIds.some((id) => permissions.includes(id)))
    .sort(([, one], [, other]) => one.permissions.length - other.permissions.length)
    .map(([scope]) => scope);
}
