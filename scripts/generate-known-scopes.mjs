// Writes src/grants/known-scopes.ts from src/grants/wix-scopes.csv. Run it after editing the CSV.
import { readFileSync, writeFileSync } from 'node:fs';
import prettier from 'prettier';

const source = new URL('../src/grants/wix-scopes.csv', import.meta.url);
const target = new URL('../src/grants/known-scopes.ts', import.meta.url);

/** One CSV line into its fields; quotes are doubled inside quoted fields. */
const fieldsOf = (line) =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain : quoted.replaceAll('""', '"'),
  );

const entryOf = ([id, name, includes, origin, kind]) => {
  const contained = includes.split(';').filter((part) => part !== '');
  const scopes = contained.filter((part) => part.startsWith('SCOPE.'));
  const documented = /inclusion of scopes: documented/.test(origin);
  return {
    id,
    name,
    // A scope that nobody reviewed is not taken for one that only reads.
    kind: kind === 'read' ? 'read' : 'manage',
    documentedScopes: documented ? scopes : [],
    observedScopes: documented ? [] : scopes,
    permissions: contained.filter((part) => !part.startsWith('SCOPE.')),
  };
};

const [, ...lines] = readFileSync(source, 'utf8').trimEnd().split(/\r?\n/);
const entries = lines.map(fieldsOf).map(entryOf);
const record = entries.map(({ id, ...entry }) => `${JSON.stringify(id)}: ${JSON.stringify(entry)}`).join(',\n');

const text = `// Generated from wix-scopes.csv by scripts/generate-known-scopes.mjs. Edit the CSV, not this file.

/** One known permission scope and what it contains. */
export interface KnownScope {
  /** What a site owner is shown. */
  readonly name: string;
  /** Whether it only reads. A scope that was not reviewed counts as one that manages. */
  readonly kind: 'read' | 'manage';
  /** Scopes it contains according to Wix's documentation. */
  readonly documentedScopes: readonly string[];
  /** Scopes it was seen to contain: every documented method that accepts the smaller one accepts it too. */
  readonly observedScopes: readonly string[];
  /** Permission ids it was seen to grant: a lower bound. */
  readonly permissions: readonly string[];
}

const entries = {
${record}
} as const satisfies Record<string, KnownScope>;

/** The ids of all known permission scopes. */
export type KnownWixScope = keyof typeof entries;

/** Every known permission scope by its id. */
export const knownScopes: Readonly<Record<KnownWixScope, KnownScope>> = entries;
`;
const options = await prettier.resolveConfig(target);
writeFileSync(target, await prettier.format(text, { ...options, parser: 'typescript' }));
