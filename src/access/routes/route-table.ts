import type { AccessPolicy } from '../policy/access-policy.js';
import type { RouteAddress } from '../../nest/route-addresses.js';

/** One line of the table: a route and who may pass it. */
export interface RouteRow extends RouteAddress {
  readonly policy: AccessPolicy;
}

/** The routes as aligned columns: method, path, who may call, which scopes, and who has to hold them. */
export function routeTable(rows: readonly RouteRow[]): string {
  const cells = rows.map(({ method, path, policy }) => [method, path, callersOf(policy), ...scopesOf(policy)]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const callersOf = ({ isPublic, identities }: AccessPolicy): string => (isPublic ? 'public' : identities.join(', '));

function scopesOf({ isPublic, requirement, authority }: AccessPolicy): string[] {
  const groups = requirement.any.map((scopes) => `(${scopes.join(' | ')})`);
  const scopes = [...requirement.all, ...groups];
  return isPublic || scopes.length === 0 ? [] : [scopes.join(' + '), holders[authority]];
}

const holders: Record<AccessPolicy['authority'], string> = {
  auth: 'app ∩ caller',
  instance: 'app',
  user: 'app ∩ user',
};
