import type { WixManifest } from '../manifest/wix-manifest.js';
import type { WixRoute } from '../manifest/wix-route.js';

/** A table: its first row is the head. */
export type Table = readonly (readonly string[])[];

/** The routes as a table. */
export const routesTable = (routes: readonly WixRoute[]): Table => [
  ['Route', 'Handler', 'Who may call', 'Scopes', 'Held by', ...registrationHead(routes)],
  ...routes.map((route) => [
    ...[route.name, route.handler, callersOf(route), scopesOf(route), holderOf(route)],
    ...registrationCell(route, routes),
  ]),
];

interface Registered {
  readonly registration?: string;
}

// The column exists only when there are several registrations.
const registrationHead = (rows: readonly Registered[]): readonly string[] =>
  rows.some(({ registration }) => registration !== undefined) ? ['Registration'] : [];

const registrationCell = ({ registration = '' }: Registered, rows: readonly Registered[]): readonly string[] =>
  registrationHead(rows).map(() => registration);

/** What a manifest asks for as a table. */
export const needsTable = ({ scopes, oneOf }: WixManifest): Table => [
  ['Scope', 'Name', 'Needed by', ...registrationHead([...scopes, ...oneOf])],
  ...scopes.map((scope) => [
    ...[scope.id, scope.name ?? '', scope.requiredBy.join(', ')],
    ...registrationCell(scope, [...scopes, ...oneOf]),
  ]),
  ...oneOf.map((choice) => [
    choice.coveredBy === undefined ? `one of ${choice.scopes.join(', ')}` : `(comes with ${choice.coveredBy})`,
    '',
    choice.requiredBy.join(', '),
    ...registrationCell(choice, [...scopes, ...oneOf]),
  ]),
];

/** A table as aligned text. */
export function textOf(table: Table): string {
  const widths = widthsOf(table);
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A table as Markdown. */
export function markdownOf(table: Table): string {
  const [head = [], ...rows] = table.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

const widthsOf = (table: Table): readonly number[] =>
  (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));

const callersOf = ({ access, callers }: WixRoute): string => {
  if (access === 'guarded') return callers.join(', ');
  return { public: 'anyone', signed: 'Wix', unguarded: 'no guard of WixAuthModule' }[access];
};

const scopesOf = ({ scopes, anyScopes, reportedScopes, plans }: WixRoute): string =>
  [
    ...scopes,
    ...anyScopes.map((group) => `(${group.join(' or ')})`),
    ...reportedScopes.map((scope) => `${scope} (only reported)`),
    ...(plans.length > 0 ? [`plan ${plans.join(' or ')}`] : []),
  ].join(' + ');

function holderOf({ authority, scopes, anyScopes }: WixRoute): string {
  if (authority === undefined || scopes.length + anyScopes.length === 0) return '';
  return { instance: 'app', user: 'app and user', auth: 'app and caller' }[authority];
}
