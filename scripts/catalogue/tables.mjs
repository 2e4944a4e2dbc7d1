import { csvOf, listOf } from './csv.mjs';

/** The files of data/, each with its columns and what its rows are sorted by. */
export const tables = {
  events: {
    file: 'data/wix-events.csv',
    columns: ['event_type', 'package', 'kind', 'permission_ids', 'scopes'],
    order: ['event_type', 'package'],
  },
  methods: {
    file: 'data/wix-methods.csv',
    columns: ['package', 'name', 'http', 'url', 'permission_ids'],
    order: ['package', 'name'],
  },
  plugins: {
    file: 'data/wix-service-plugins.csv',
    columns: ['component_type', 'method', 'path', 'package', 'errors'],
    order: ['component_type', 'method'],
  },
  scopes: {
    file: 'data/wix-scopes.csv',
    columns: ['scope_id', 'name', 'includes', 'source', 'kind'],
    order: ['scope_id'],
  },
};

/** The tables, with the rows of the installed packages replaced by what was read. */
export function merged(committed, packages, read) {
  const names = new Set(packages.map(({ name }) => name));
  const others = (rows) => rows.filter((row) => !names.has(nameOf(row.package)));
  const rows = {
    events: sorted('events', [...others(committed.events), ...read.flatMap(({ events }) => events)]),
    methods: sorted('methods', [...others(committed.methods), ...read.flatMap(({ methods }) => methods)]),
    plugins: sorted('plugins', [...others(committed.plugins), ...read.flatMap(({ plugins }) => plugins)]),
    scopes: sorted(
      'scopes',
      withScopes(
        committed.scopes,
        read.flatMap(({ scopes }) => scopes),
      ),
    ),
  };
  const files = Object.entries(tables).map(([name, { file, columns }]) => [file, csvOf(columns, rows[name])]);
  return { rows, files: Object.fromEntries(files) };
}

const nameOf = (id) => id.slice(0, id.lastIndexOf('@'));

function sorted(table, rows) {
  const keyOf = (row) => tables[table].order.map((column) => row[column]).join('\n');
  return rows
    .map((row) => ({ row, key: keyOf(row) }))
    .sort((one, other) => (one.key < other.key ? -1 : Number(one.key > other.key)))
    .map(({ row }) => row);
}

// What a scope grants is a lower bound, gathered over all packages: reading some of them only ever adds to it.
function withScopes(committed, read) {
  const rows = new Map(committed.map((row) => [row.scope_id, row]));
  for (const { id, name, permissions } of read) {
    const row = rows.get(id) ?? { scope_id: id, name, includes: '', source: '[sdk]', kind: 'manage' };
    const missing = permissions.filter((permission) => !listOf(row.includes).includes(permission));
    rows.set(id, { ...row, includes: [...listOf(row.includes), ...new Set(missing)].join(';') });
  }
  return [...rows.values()];
}
