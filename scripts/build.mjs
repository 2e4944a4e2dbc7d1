// dist/esm and dist/cjs, each with types, and dist/console, the pages of the emulator,
// with the JSON Schema of its scenarios. The second package.json makes Node read dist/cjs as CommonJS.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { bundled, replaceScripts } from './bundle.mjs';
import { root, run } from './run.mjs';

const dist = join(root, 'dist');
const [esm, cjs] = [join(dist, 'esm'), join(dist, 'cjs')];

rmSync(dist, { recursive: true, force: true });
run('npx', ['--no-install', 'tsc', '-p', 'tsconfig.esm.json']);
run('npx', ['--no-install', 'tsc', '-p', 'tsconfig.cjs.json', '--emitDeclarationOnly']);
const { scenarioSchema } = await import(pathToFileURL(join(esm, 'testing/emulator/scenario/scenario-schema.js')).href);
writeFileSync(join(dist, 'wix-emulator.schema.json'), `${JSON.stringify(scenarioSchema, null, 2)}\n`);

const published = entriesIn(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
// The program, and what `npm start` takes of it.
const program = ['cli/main', 'testing/emulator/program/emulator-program'];
const [forImport, forRequire] = [
  await bundled(esm, [...published, ...program], 'esm'),
  await bundled(esm, published, 'cjs'),
];
replaceScripts(esm, forImport);
replaceScripts(cjs, forRequire);
writeFileSync(join(cjs, 'package.json'), '{ "type": "commonjs" }\n');
run('npx', ['--no-install', 'vite', 'build', 'console', '--logLevel', 'warn']);

function entriesIn({ exports }) {
  const files = Object.values(exports).flatMap((entry) => entry.import?.default ?? []);
  return files.map((file) => file.slice('./dist/esm/'.length, -'.js'.length));
}
