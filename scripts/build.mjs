// dist/esm and dist/cjs, each with types. The second package.json makes Node read dist/cjs as CommonJS.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const compile = (project) =>
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project], { cwd: root, stdio: 'inherit' });

rmSync(`${root}/dist`, { recursive: true, force: true });
compile('tsconfig.esm.json');
compile('tsconfig.cjs.json');
writeFileSync(`${root}/dist/cjs/package.json`, '{ "type": "commonjs" }\n');
