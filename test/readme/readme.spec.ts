import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

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

describe.each(documents)('%s', (document) => {
  it('shows code that is compiled and run here', () => {
    const shown = blocksIn(document, 'ts').map(linesOf);
    expect(shown.filter((code) => !compiled.some((source) => source.includes(code)))).toEqual([]);
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

  it('leaves nothing to be written', () => {
    expect(readFileSync(join(root, document), 'utf8')).not.toContain('<!--');
  });
});

it('The page of errors names every code of a refusal', () => {
  const text = readFileSync(join(root, 'docs/errors/index.md'), 'utf8');
  const written = (code: string): boolean => text.includes(code) || text.includes(code.replace('WIX_INSTALL', ''));
  expect([...authErrorCodes, ...installErrorCodes, 'WIX_API_ERROR'].filter((code) => !written(code))).toEqual([]);
});

it.each([...authErrorCodes, 'WIX_API_ERROR'])('%s has a page of its own', (code) => {
  expect(readFileSync(join(root, `docs/errors/${code}.md`), 'utf8')).toContain(`# ${code}\n`);
});
