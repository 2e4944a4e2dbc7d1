// Installs the tarball npm would publish into empty apps outside the repository, type-checks them with the typings of
// everything they install (skipLibCheck is off) and runs them. `node scripts/check-consumers.mjs nest12-esm` runs one.
// They have `cacheable` because the typings of @nestjs/cache-manager import it without depending on it.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pack } from './pack.mjs';
import { root, run } from './run.mjs';

const scriptsOf = {
  'nest12-esm': ['check:types', 'build', 'start'],
  'nest11-cjs': ['build', 'start', 'test'],
};
const templates = join(root, 'test/package/consumers');
const npmFlags = ['--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline', '--loglevel=error'];

function check(consumer, tarball) {
  const cwd = mkdtempSync(join(tmpdir(), `${consumer}-`));
  for (const template of [consumer, 'shared']) cpSync(join(templates, template), cwd, { recursive: true });
  run('npm', ['install', ...npmFlags, tarball], { cwd });
  for (const script of scriptsOf[consumer]) run('npm', ['run', '--silent', script], { cwd });
  rmSync(cwd, { recursive: true });
}

const chosen = process.argv.slice(2);
const tarball = pack();
for (const consumer of chosen.length > 0 ? chosen : Object.keys(scriptsOf)) check(consumer, tarball);
