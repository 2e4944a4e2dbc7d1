// Installs the tarball npm would publish into empty apps outside the repository, type-checks them with the typings of
// everything they install (skipLibCheck is off) and runs them. `node scripts/check-consumers.mjs nest12-esm` runs one,
// `--all` also those of .ci/nightly.
// They have `cacheable` because the typings of @nestjs/cache-manager import it without depending on it.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pack } from './pack.mjs';
import { root, run } from './run.mjs';

/** @param {string} version - of @nestjs/common, core and platform-express. */
const nest = (version) =>
  Object.fromEntries(['common', 'core', 'platform-express'].map((name) => [`@nestjs/${name}`, version]));

const nest11 = { template: 'nest11-cjs', scripts: ['build', 'start'] };
const nest12 = { template: 'nest12-esm', scripts: ['build', 'start'] };
// The lowest that install together: @nestjs/core 12.0.0 asks for @nestjs/common 11.
const lowest = { axios: '1.19.0', rxjs: '7.8.1', 'reflect-metadata': '0.2.0' };
const lowest11 = { ...nest('11.0.0'), ...lowest, '@nestjs/axios': '4.0.0' };
const lowest12 = { ...nest('12.0.1'), ...lowest, '@nestjs/axios': '12.0.0' };

const consumers = {
  'nest12-esm': { ...nest12, scripts: ['check:types', 'build', 'start'] },
  'nest11-cjs': { ...nest11, scripts: ['build', 'start', 'test'] },
  'nest12-lowest': { ...nest12, dependencies: lowest12 },
  'nest11-lowest': { ...nest11, dependencies: lowest11 },
};
const nightly = {
  'nest11-1': { ...nest11, dependencies: nest('11.1.6') },
  'nest12-1': { ...nest12, dependencies: nest('12.1.0') },
};
const known = { ...consumers, ...nightly };
const templates = join(root, 'test/package/consumers');
const npmFlags = ['--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline', '--loglevel=error'];

function check(name, tarball) {
  const { template, scripts, dependencies = {} } = known[name];
  const cwd = mkdtempSync(join(tmpdir(), `${name}-`));
  for (const folder of [template, 'shared']) cpSync(join(templates, folder), cwd, { recursive: true });
  cpSync(join(root, 'test/support/two-copies.ts'), join(cwd, 'src/two-copies.ts'));
  replaceDependencies(join(cwd, 'package.json'), dependencies);
  if (!scripts.includes('test')) leaveJestOut(cwd);
  run('npm', ['install', ...npmFlags, tarball], { cwd });
  for (const script of scripts) run('npm', ['run', '--silent', script], { cwd });
  rmSync(cwd, { recursive: true });
}

function replaceDependencies(file, dependencies) {
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...manifest, dependencies: { ...manifest.dependencies, ...dependencies } }));
}

// A minute of installing, for what the same consumer shows with one version of Nest.
function leaveJestOut(cwd) {
  const file = join(cwd, 'package.json');
  const { devDependencies, ...manifest } = JSON.parse(readFileSync(file, 'utf8'));
  const kept = Object.entries(devDependencies).filter(([name]) => !/^(ts-)?jest$/.test(name));
  writeFileSync(file, JSON.stringify({ ...manifest, devDependencies: Object.fromEntries(kept) }));
}

const wanted = process.argv.slice(2);
const chosen = wanted.includes('--all') ? Object.keys(known) : wanted.length > 0 ? wanted : Object.keys(consumers);
const tarball = pack();
for (const name of chosen) check(name, tarball);
