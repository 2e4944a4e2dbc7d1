// dist/esm and dist/cjs, each with types, and dist/console, the pages of the emulator. The second package.json makes Node read dist/cjs as CommonJS.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root, run } from './run.mjs';

const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
run('npx', ['--no-install', 'tsc', '-p', 'tsconfig.esm.json']);
run('npx', ['--no-install', 'tsc', '-p', 'tsconfig.cjs.json']);
writeFileSync(join(dist, 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
run('npx', ['--no-install', 'vite', 'build', 'console', '--logLevel', 'warn']);
