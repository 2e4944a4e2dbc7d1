import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { knownScopes, type KnownScope } from '../../../../src/grants/scopes/known-scopes.js';

/** One line of the CSV, read character by character: the generator uses an expression, and both could not err alike. */
function cellsOf(line: string): string[] {
  const cells = [''];
  let isQuoted = false;
  for (let index = 0; index < line.length; index += 1) {
    const letter = line.charAt(index);
    if (letter === '"') {
      if (isQuoted && line[index + 1] === '"') cells.push(`${cells.pop() ?? ''}"`);
      isQuoted = !isQuoted;
    } else if (letter === ',' && !isQuoted) cells.push('');
    else cells.push(`${cells.pop() ?? ''}${letter}`);
  }
  return cells;
}

interface Row {
  readonly id: string;
  readonly scope: KnownScope;
}

function rowOf(line: string): Row {
  const [id = '', name = '', includes = '', source = '', kind = ''] = cellsOf(line);
  const contained = includes === '' ? [] : includes.split(';');
  const scopes = contained.filter((entry) => entry.startsWith('SCOPE.'));
  const isDocumented = source.includes('inclusion of scopes: documented');
  const scope = {
    name,
    kind: kind === 'read' ? ('read' as const) : ('manage' as const),
    documentedScopes: isDocumented ? scopes : [],
    observedScopes: isDocumented ? [] : scopes,
    permissions: contained.filter((entry) => !entry.startsWith('SCOPE.')),
  };
  return { id, scope };
}

describe('knownScopes', () => {
  const csv = readFileSync(join(process.cwd(), 'data/wix-scopes.csv'), 'utf8');
  const rows = csv.trim().split(/\r?\n/).slice(1).map(rowOf);

  it('matches the CSV, so the generator was run after its last change', () => {
    expect(rows.length).toBe(161);
    expect(knownScopes).toEqual(Object.fromEntries(rows.map(({ id, scope }) => [id, scope])));
  });

  it('names contained scopes by ids that are in it too', () => {
    const contained = Object.values<KnownScope>(knownScopes).flatMap(({ documentedScopes, observedScopes }) => [
      ...documentedScopes,
      ...observedScopes,
    ]);

    expect(contained.filter((id) => !(id in knownScopes))).toEqual([]);
  });

  it.each(['MANAGE', 'WRITE', 'CREATE', 'UPDATE', 'DELETE', 'EDIT', 'SEND'])(
    'does not class any scope of %s as a read scope',
    (word) => {
      const reading = Object.entries<KnownScope>(knownScopes).filter(([, { kind }]) => kind === 'read');
      expect(reading.length).toBeGreaterThan(50);
      expect(reading.map(([id]) => id).filter((id) => id.split(/[.\-_]/).includes(word))).toEqual([]);
    },
  );

  it('has documented and observed containment, never both for one scope', () => {
    const all = Object.values<KnownScope>(knownScopes);

    expect(all.some(({ documentedScopes }) => documentedScopes.length > 0)).toBe(true);
    expect(all.some(({ observedScopes }) => observedScopes.length > 0)).toBe(true);
    expect(all.filter((scope) => scope.documentedScopes.length > 0 && scope.observedScopes.length > 0)).toEqual([]);
  });
});
