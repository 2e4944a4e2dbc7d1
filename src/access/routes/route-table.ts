import type { AccessPolicy } from '../policy/access-policy.js';
import type { RouteAddress } from '../../nest/route-addresses.js';

/** One line of the table: a route and who may pass it. */
export interface RouteRow extends RouteAddress {
  readonly policy: AccessPolicy;
}

// Log systems truncate or reject long records.
const ROWS_PER_RECORD = 50;

/**
 * The routes as aligned columns: method, path, who may call, which scopes, who has to hold them, and which plans the site
 * needs. Some per record.
 */
export function routeRecords(rows: readonly RouteRow[]): readonly (readonly string[])[] {
  const lines = routeLines(rows);
  const starts = lines.map((_, index) => index).filter((index) => index % ROWS_PER_RECORD === 0);
  return starts.map((start) => {
    const part = lines.slice(start, start + ROWS_PER_RECORD);
    const which =
      starts.length === 1 ? '' : ` ${String(start + 1)} to ${String(start + part.length)} of ${String(lines.length)}`;
    return [`Guarded routes${which}:`, ...part];
  });
}

/** How many routes there are, and how many of them are open or require scopes. */
export function routeSummary(rows: readonly RouteRow[]): string {
  const open = rows.filter(({ policy }) => policy.isPublic).length;
  const planned = rows.filter(({ policy }) => policy.plans !== undefined).length;
  const scoped = rows.filter(({ policy }) => scopesOf(policy) !== undefined).length;
  return `Guarded routes: ${String(rows.length)}, of which ${String(open)} are public and ${String(scoped)} require scopes${
    planned === 0 ? '' : `, ${String(planned)} a plan`
  }.`;
}

function routeLines(rows: readonly RouteRow[]): readonly string[] {
  const cells = rows.map(({ method, path, policy }) => [
    method,
    path,
    callersOf(policy),
    ...(scopesOf(policy) ?? ['', '']),
    plansOf(policy),
  ]);
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

const callersOf = ({ isPublic, identities }: AccessPolicy): string => (isPublic ? 'public' : identities.join(', '));

function scopesOf({ isPublic, requirement, authority }: AccessPolicy): readonly [string, string] | undefined {
  const groups = requirement.any.map((scopes) => `(${scopes.join(' | ')})`);
  const scopes = [...requirement.all, ...groups];
  return isPublic || scopes.length === 0 ? undefined : [scopes.join(' + '), holders[authority]];
}

const plansOf = ({ plans }: AccessPolicy): string => (plans === undefined ? '' : `plan: ${plans.join(' | ')}`);

const holders: Record<AccessPolicy['authority'], string> = {
  auth: 'app ∩ caller',
  instance: 'app',
  user: 'app ∩ user',
};
