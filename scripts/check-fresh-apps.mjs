// Pastes the quick start and the tests from README.md and the guide to testing into fresh applications made by the Nest
// CLI, with their own tsconfig, linter and test runner: they must compile, lint, pass, start with the pasted `.env`, answer
// a preflight and refuse a stranger. Needs a build. `node scripts/check-fresh-apps.mjs nest11` checks one. Takes some
// minutes, most of them for npm: part of .ci/nightly.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { pack } from './pack.mjs';
import { root, run } from './run.mjs';

const START_TIMEOUT_MS = 60_000;

const apps = {
  // The schematics of NestJS 12 need Node 22, which the package `node` brings along.
  nest12: { cli: '12', node: ['-p', 'node@22'], packages: [], adapted: (code) => code },
  nest11: {
    cli: '11',
    node: [],
    packages: ['@nestjs/axios@4', '@nestjs/cache-manager@3'],
    adapted: (code) => code.replace(/(from '\.[^']*)\.js'/g, "$1'"),
  },
};

const pages = ['README.md', 'docs/guides/testing.md'].map((page) => readFileSync(join(root, page), 'utf8'));
const blocks = [...pages.join('\n').matchAll(/^```(?:ts|ini)\n([^]*?)^```$/gm)].map(([, code]) => code);

/** The file of these pages that begins and goes on like this. */
function fileWith(text, start = 'import ') {
  const code = blocks.find((block) => block.startsWith(start) && block.includes(text));
  if (code !== undefined) return code;
  console.error(`The pages have no whole file with ${text}`);
  process.exit(1);
}

const dotEnv = fileWith('WIX_APP_SECRET=', 'WIX_APP_ID=');
const appId = /^WIX_APP_ID=(.+)$/m.exec(dotEnv)[1];

const files = {
  '.env': dotEnv,
  'src/products.controller.ts': fileWith("@Controller('products')"),
  'src/app.module.ts': fileWith('export class AppModule'),
  'src/main.ts': fileWith('NestFactory.create(AppModule)'),
  'src/app.module.spec.ts': fileWith("describe('products'"),
  'test/fake-caller.ts': fileWith('fakeWixCaller('),
};

const npmFlags = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];

async function check(name, tarball) {
  const { cli, node, packages, adapted } = apps[name];
  const folder = mkdtempSync(join(tmpdir(), `fresh-${name}-`));
  const cwd = join(folder, 'app');
  const npx = (...args) => ['npx', ['--yes', ...node, ...args]];

  const [command, args] = npx(
    '-p',
    `@nestjs/cli@${cli}`,
    'nest',
    'new',
    'app',
    '-p',
    'npm',
    '--skip-git',
    '--skip-install',
  );
  run(command, args, { cwd: folder, capture: true });
  run('npm', ['install', ...npmFlags, tarball, ...packages], { cwd });
  for (const unused of ['app.controller.spec.ts', 'app.controller.ts', 'app.service.ts'])
    rmSync(join(cwd, 'src', unused));
  rmSync(join(cwd, 'test/app.e2e-spec.ts'));
  for (const [path, code] of Object.entries(files)) {
    const moved = path.startsWith('test/') ? code.replace("'./app.module", "'../src/app.module") : code;
    writeFileSync(join(cwd, path), adapted(moved));
  }
  const lines = ['tsc --noEmit', 'npm run build', 'npm test', 'npm run lint'];
  for (const line of lines) run(...npx(`--call=${line}`), { cwd });
  await checkRunning(cwd, npx('--call=nest start --env-file .env'));
  rmSync(folder, { recursive: true });
  console.log(`${name}: the README's files compile, lint, pass, start and answer.`);
}

/** Starts the application, and calls it as a dashboard page and as an unknown caller would. */
async function checkRunning(cwd, [command, args]) {
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), NODE_ENV: 'production' };
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'ignore', 'inherit'], detached: true });
  try {
    const url = `http://127.0.0.1:${port}/products`;
    const origin = `https://${appId}.wix.run`;
    const asked = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    const preflight = await answerOf(url, { method: 'OPTIONS', headers: asked });
    expect('preflight', [preflight.status, preflight.headers.get('access-control-allow-origin')], [204, origin]);
    const stranger = await answerOf(url, {});
    expect('stranger', [stranger.status, (await stranger.json()).code], [401, 'WIX_CREDENTIALS_MISSING']);
  } finally {
    process.kill(-child.pid, 'SIGTERM');
    await once(child, 'close');
  }
}

async function answerOf(url, init) {
  for (const endMs = Date.now() + START_TIMEOUT_MS; ; await delay(200)) {
    try {
      return await fetch(url, init);
    } catch (error) {
      if (Date.now() > endMs) throw error;
    }
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

function expect(what, actual, expected) {
  if (JSON.stringify(actual) === JSON.stringify(expected)) return;
  throw new Error(`${what}: got ${JSON.stringify(actual)} in place of ${JSON.stringify(expected)}`);
}

const chosen = process.argv.slice(2);
const tarball = pack();
for (const name of chosen.length > 0 ? chosen : Object.keys(apps)) await check(name, tarball);
