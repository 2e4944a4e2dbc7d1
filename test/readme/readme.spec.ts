import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { answerStatusOf } from '../../src/access/responses/response-status.js';
import { installErrorCodes } from '../../src/install/http/install-refusal.js';

const root = join(import.meta.dirname, '../..');
const here = join(root, 'test/readme');

const authErrorCodes = [
  ...readFileSync(join(root, 'src/core/wix-auth.errors.ts'), 'utf8').matchAll(/^ {2}\| '(WIX_\w+)'/gm),
].map(([, code = '']) => code);

const linesOf = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');

/** Every source file beside and below this one: compiled by the gate, run by the specs here. */
const compiled = [...readdirSync(here), ...readdirSync(join(here, 'snippets')).map((name) => `snippets/${name}`)]
  .filter((name) => name.endsWith('.ts'))
  .map((name) => linesOf(readFileSync(join(here, name), 'utf8')));

const documents = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.startsWith('.'))
    .map((name) => `docs/${name}`),
];

const blocksIn = (document: string, language: string): string[] =>
  [...readFileSync(join(root, document), 'utf8').matchAll(/^```(\w+)\n([^]*?)^```$/gm)]
    .filter(([, tag]) => tag === language)
    .map(([, , code = '']) => code);

/** The files of the repository that a document links. */
const linksIn = (document: string): string[] =>
  [...readFileSync(join(root, document), 'utf8').matchAll(/\]\((?!https?:|\/|#)([^)#]+)/g)].map(([, link = '']) =>
    relative(root, join(root, dirname(document), link)),
  );

/** What a reader of the README reaches with so many clicks. */
function reachedIn(clicks: number, from: readonly string[] = ['README.md']): Set<string> {
  if (clicks === 0) return new Set(from);
  const pages = from.filter((name) => name.endsWith('.md') && existsSync(join(root, name)));
  return new Set([...from, ...reachedIn(clicks - 1, [...new Set(pages.flatMap(linksIn))])]);
}

/** The one page that shows parts of a file, whose head stands above them. */
const EXCERPTS = 'docs/operations/observability.md';

describe.each(documents)('%s', (document) => {
  it('shows code that is compiled and run here', () => {
    const shown = blocksIn(document, 'ts').map(linesOf);
    expect(shown.filter((code) => !compiled.some((source) => source.includes(code)))).toEqual([]);
  });

  it('shows code with its imports', () => {
    if (document === EXCERPTS) return;
    expect(blocksIn(document, 'ts').filter((code) => !code.startsWith('import '))).toEqual([]);
  });

  it('links only files that exist', () => {
    expect(linksIn(document).filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    const named = [
      ...readFileSync(join(root, document), 'utf8').matchAll(
        /`npm (?:run )?(start|test|[a-z]+:[a-z]+|check|bench|build)\b/g,
      ),
    ];
    for (const [, script = ''] of named) expect(Object.keys(scripts)).toContain(script);
  });

  it('has no placeholder left', () => {
    expect(readFileSync(join(root, document), 'utf8')).not.toContain('<!--');
  });
});

it('The page of errors names every code of a refusal', () => {
  const text = readFileSync(join(root, 'docs/errors/index.md'), 'utf8');
  const written = (code: string): boolean => text.includes(code) || text.includes(code.replace('WIX_INSTALL', ''));
  expect([...authErrorCodes, ...installErrorCodes, 'WIX_API_ERROR'].filter((code) => !written(code))).toEqual([]);
});

const pageOf = (code: string): string => readFileSync(join(root, `docs/errors/${code}.md`), 'utf8');

it.each([...authErrorCodes, 'WIX_API_ERROR'])(
  '%s has a page of its own: how to find the cause, and what to do',
  (code) => {
    expect(pageOf(code)).toContain(`# ${code}\n`);
    expect(pageOf(code)).toMatch(/^## Find out why$[^]+^## What to do$/m);
  },
);

it.each(authErrorCodes.filter((code) => code !== 'WIX_MISCONFIGURED'))('The page of %s has its status', (code) => {
  expect(pageOf(code)).toContain(`\nHTTP ${String(answerStatusOf(code))}.\n`);
});

it('The README has at most 200 lines', () => {
  expect(readFileSync(join(root, 'README.md'), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(200);
});

it.each([
  ['how to test', 'docs/guides/testing.md'],
  ['how to deploy', 'docs/operations/deployment.md'],
  ['what a 403 means', 'docs/errors/WIX_SCOPE_MISSING.md'],
  ['how to report a vulnerability', 'SECURITY.md'],
])('The README leads to %s within three clicks', (_what, page) => {
  expect(reachedIn(3)).toContain(page);
});

it('The sidebar has every page of the manual, and no others', () => {
  const config = readFileSync(join(root, 'docs/.vitepress/config.ts'), 'utf8');
  const [, sidebar = ''] = config.split('sidebar:');
  const shown = [...sidebar.matchAll(/link: '\/([^']+)'/g)].map(([, link = '']) => link.replace(/\/$/, '/index'));
  const pages = documents.flatMap((name) => /^docs\/(?!index|public|errors\/WIX)(.+)\.md$/.exec(name)?.[1] ?? []);
  expect(shown.toSorted()).toEqual(pages.toSorted());
});
