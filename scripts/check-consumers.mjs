// Installs the tarball npm would publish into empty apps outside the repository, type-checks them with the typings of
// everything they install (skipLibCheck is off) and runs them. `node scripts/check-consumers.mjs nest12-esm` runs one.
// They have `cacheable` because the typings of @nestjs/cache-manager import it without depending on it.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pack } from './pack.mjs';
import { root, run } from './run.mjs';

/** @param {string} version - of @nestjs/common, core and platform-express. */
const nest = (version) =>
  Object.fromEntries(['common', 'core', 'platform-express'].map((name) => [`@nestjs/${name}`, version]));

const nest11 = { template: 'nest11-cjs', scripts: ['build', 'start', 'check:routes'] };
const nest12 = { template: 'nest12-esm', scripts: ['build', 'start', 'check:routes'] };
const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** @param {string} peer - whose lowest release allowed by package.json is meant. */
const floorOf = (peer) => ({ [peer]: peerDependencies[peer].replace(/^\^/, '').replace(/ .*$/, '') });

// The lowest that install together: @nestjs/core 12.0.0 asks for @nestjs/common 11.
const lowest = { ...floorOf('axios'), ...floorOf('rxjs'), ...floorOf('reflect-metadata') };
const lowest11 = { ...nest('11.0.0'), ...lowest, '@nestjs/axios': '4.0.0' };
const lowest12 = { ...nest('12.0.1'), ...lowest, '@nestjs/axios': '12.0.0' };

const consumers = {
  'nest12-esm': { ...nest12, scripts: ['check:types', 'build', 'start', 'check:routes'] },
  'nest11-cjs': { ...nest11, scripts: ['build', 'start', 'check:routes', 'test'] },
  'nest12-lowest': { ...nest12, dependencies: lowest12 },
  'nest11-lowest': { ...nest11, dependencies: lowest11 },
};
const pnpm = 'pnpm-workspace';
const nightly = {
  'nest11-1': { ...nest11, dependencies: nest('11.1.6') },
  // Needs nats-server.
  'nest11-messages': { template: 'nest11-messages', scripts: ['build', 'start'] },
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
  if (!scripts.includes('test')) leaveTestsOut(cwd);
  run('npm', ['install', ...npmFlags, tarball], { cwd });
  for (const script of scripts) runTimed(name, script, cwd);
  rmSync(cwd, { recursive: true });
}

// Printed, not asserted: what takes how long depends on what else the machine does.
function runTimed(name, script, cwd) {
  const startedMs = performance.now();
  run('npm', ['run', '--silent', script], { cwd });
  console.log(`${name}: ${script} took ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
}

function replaceDependencies(file, dependencies) {
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...manifest, dependencies: { ...manifest.dependencies, ...dependencies } }));
}

// Two minutes of installing and type-checking, for what one version of Nest shows: Jest, the modules of Wix's SDK, and
// @nestjs/swagger 11, which needs a newer Nest than the lowest.
function leaveTestsOut(cwd) {
  const file = join(cwd, 'package.json');
  const { dependencies, devDependencies, ...manifest } = JSON.parse(readFileSync(file, 'utf8'));
  const without = (versions) =>
    Object.fromEntries(
      Object.entries(versions).filter(([name]) => !/^(ts-)?jest$|^@wix\/|^@nestjs\/swagger$/.test(name)),
    );
  const remaining = { dependencies: without(dependencies), devDependencies: without(devDependencies) };
  writeFileSync(file, JSON.stringify({ ...manifest, ...remaining }));
  const tests = readdirSync(join(cwd, 'src')).filter((name) => name.endsWith('.spec.ts') || name.startsWith('sdk-'));
  for (const name of tests) rmSync(join(cwd, 'src', name));
}

// The library needs another axios than the application, so pnpm gives each a copy of the package of its own.
function checkPnpmWorkspace(tarball) {
  const cwd = mkdtempSync(join(tmpdir(), 'pnpm-workspace-'));
  const [app, library] = ['app', 'library'].map((name) => join(cwd, 'packages', name));
  cpSync(join(templates, 'pnpm-workspace'), cwd, { recursive: true });
  for (const name of ['package.json', '.swcrc']) cpSync(join(templates, 'nest12-esm', name), join(app, name));
  cpSync(join(templates, 'shared/src/both-builds.ts'), join(app, 'src/both-builds.ts'));
  cpSync(join(root, 'test/support/two-copies.ts'), join(app, 'src/two-copies.ts'));
  replaceDependencies(join(app, 'package.json'), { 'nestjs-wix-auth': tarball, 'feature-library': 'workspace:*' });
  replaceDependencies(join(library, 'package.json'), { 'nestjs-wix-auth': tarball });
  run('npx', ['--yes', 'pnpm@9', 'install', '--prefer-offline', '--ignore-scripts', '--reporter=silent'], { cwd });
  for (const script of ['build', 'start']) run('npm', ['run', '--silent', script], { cwd: app });
  rmSync(cwd, { recursive: true });
}

const wanted = process.argv.slice(2);
const everyDay = [...Object.keys(consumers), pnpm];
const tarball = pack();
for (const name of wanted.length > 0 ? wanted : everyDay) {
  if (name === pnpm) checkPnpmWorkspace(tarball);
  else check(name, tarball);
}
