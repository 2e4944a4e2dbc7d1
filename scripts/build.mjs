// dist/esm and dist/cjs, each with types, and dist/console, the pages of the emulator,
// with the JSON Schema of its scenarios. The second package.json makes Node read dist/cjs as CommonJS.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { root, run } from './run.mjs';

const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
run('npx', ['--no-install', 'tsc', '-p', 'tsconfig.esm.json']);
run('npx', ['--no-install', 'tsc', '-p', 'tsconfig.cjs.json']);
writeFileSync(join(dist, 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
const { scenarioSchema } = await import(
  pathToFileURL(join(dist, 'esm/testing/emulator/scenario/scenario-schema.js')).href
);
writeFileSync(join(dist, 'wix-emulator.schema.json'), `${JSON.stringify(scenarioSchema, null, 2)}\n`);
run('npx', ['--no-install', 'vite', 'build', 'console', '--logLevel', 'warn']);
