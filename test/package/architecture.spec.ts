import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

interface Rule {
  readonly name: string;
  readonly from: { readonly path?: string };
  readonly to: { readonly pathNot?: string };
}

const root = process.cwd();
const load: (path: string) => { readonly forbidden: readonly Rule[] } = createRequire(join(root, 'package.json'));
const map = readFileSync(join(root, 'docs/architecture.md'), 'utf8');

/** What each room may import, as the import rules say: `access` and, inside it, `access/guards`. */
const visible = new Map(
  load('./.dependency-cruiser.cjs')
    .forbidden.filter(({ name }) => name.endsWith('-imports-downward-only'))
    .map(({ from, to }) => {
      const room = /^\^src\/(.+)\/$/.exec(from.path ?? '')?.[1] ?? '';
      const parent = room.replace(/[^/]+$/, '');
      const seen = /\((.+)\)\/$/.exec(to.pathNot ?? '')?.[1]?.split('|') ?? [];
      return [room, seen.map((name) => `${parent}${name}`).filter((name) => name !== room)] as const;
    }),
);

const isInner = (room: string): boolean => room.includes('/');
const section = (title: string): string => map.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? '';
const arrows = [...map.matchAll(/^ {2}(\S+) --> (\S+)$/gm)].map(([, from = '', to = '']) => ({ from, to }));

function reachable(room: string): ReadonlySet<string> {
  const next = arrows.filter(({ from }) => from === room).map(({ to }) => to);
  return new Set(next.flatMap((one) => [one, ...reachable(one)]));
}

describe('docs/architecture.md', () => {
  it('has one line for each room of the import rules, and for testing', () => {
    const rooms = [...section('Rooms').matchAll(/^\| `([\w/-]+)\/` +\| \S.* \|$/gm)].map(([, room]) => room);
    expect(rooms.toSorted()).toEqual([...visible.keys(), 'testing'].toSorted());
  });

  it('names rooms that are folders', () => {
    const folders = [...map.matchAll(/`([\w/-]+)\/`/g)].map(([, folder = '']) => folder);
    expect(folders.filter((folder) => folder !== 'src' && !isFolder(join(root, 'src', folder)))).toEqual([]);
  });

  it('draws which rooms may import which: the targets of its arrows, with two exceptions', () => {
    for (const [room, seen] of [...visible].filter(([name]) => !isInner(name))) {
      const unseen = room === 'options' ? ['signed-requests', 'redis'] : [];
      expect([room, [...reachable(room)].filter((one) => !unseen.includes(one)).toSorted()]).toEqual([
        room,
        seen.toSorted(),
      ]);
    }
  });

  it('draws exactly the allowed imports inside a room', () => {
    const drawn = arrows.filter(({ from }) => isInner(from)).map(({ from, to }) => `${from} ${to}`);
    const ruled = [...visible]
      .filter(([room]) => isInner(room))
      .flatMap(([from, seen]) => seen.map((to) => `${from} ${to}`));
    expect(drawn.toSorted()).toEqual(ruled.toSorted());
  });

  it('names files that exist', () => {
    const files = [...map.matchAll(/`([\w./-]+\.(?:ts|cjs|json|md))`/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => ![root, join(root, 'src')].some((base) => existsSync(join(base, file))))).toEqual([]);
  });

  it('has four walks of at most twelve steps, each of which names a file', () => {
    const walks = section('Walks').split(/^### /m).slice(1);
    const hops = walks.map((walk) => walk.split('\n').filter((line) => /^\d+\. /.test(line)));
    expect(walks).toHaveLength(4);
    expect(hops.filter((lines) => lines.length === 0 || lines.length > 12)).toEqual([]);
    expect(hops.flat().filter((line) => !/^\d+\. `[\w./-]+\.ts`: /.test(line))).toEqual([]);
  });

  it('says where to make ten changes, each with a file', () => {
    const rows = section('Where do I change …')
      .split('\n')
      .filter((line) => /^\| [a-z]/.test(line))
      .slice(1);
    expect(rows).toHaveLength(10);
    expect(rows.filter((row) => !row.includes('.ts`'))).toEqual([]);
  });
});

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();
