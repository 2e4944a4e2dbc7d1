// `npm start`: the sample app against the emulator. Ports are tried before anything is built, and what did not change
// since the last time is not built again.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { buildIfStale } from './build-if-stale.mjs';
import { root, run } from './run.mjs';

const appPort = Number(process.env.PORT ?? 3000);
const wixPort = Number(process.env.WIX_PORT ?? 4444);
for (const [port, name] of [
  [appPort, 'PORT'],
  [wixPort, 'WIX_PORT'],
]) {
  if (await isFree(port)) continue;
  console.error(`Port ${port} is taken. Stop what runs there, or choose another one: ${name}=… npm start`);
  process.exit(1);
}

await import('./ensure-installed.mjs');
buildIfStale('the package', {
  outputs: ['dist/esm', 'dist/console'],
  inputs: [
    'src',
    'console',
    'scripts/build.mjs',
    'scripts/bundle.mjs',
    'tsconfig.base.json',
    'tsconfig.esm.json',
    'package-lock.json',
  ],
  build: () => run('npm', ['run', '--silent', 'build']),
});
buildIfStale('the sample', {
  outputs: ['sample/dist'],
  inputs: ['sample/src', 'sample/tsconfig.json', '.tmp/built/the-package'],
  build: () => run('npx', ['--no-install', 'tsc', '-p', 'sample/tsconfig.json']),
});

const built = (file) => import(pathToFileURL(join(root, 'dist/esm', file)).href);
const { startEmulatorProgram } = await built('testing/emulator/program/emulator-program.js');
const program = await startEmulatorProgram({
  cwd: root,
  config: 'sample/wix-emulator.json',
  port: wixPort,
  appUrl: `http://localhost:${appPort}`,
  pageFolder: join(root, 'dist/console'),
  version: 'of this repository',
  warn: (message) => console.warn(message),
});
console.log(`Console:  ${program.consoleUrl}`);
console.log(`Wix:      ${program.url}`);

const env = Object.fromEntries(program.env.map(({ name, value }) => [name, value]));
const app = fork(join(root, 'sample/dist/main.js'), process.argv.slice(2), {
  cwd: root,
  env: { ...process.env, ...env, PORT: String(appPort) },
});
const ended = once(app, 'exit');
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => app.kill(signal));

await Promise.race([once(app, 'message').then(tellInstalled), ended]);
const [code] = await ended;
await program.stop();
process.exitCode = code ?? 0;

/** As Wix told the app when it was added to the site. */
async function tellInstalled() {
  const { instanceId } = program.scenario.install();
  await fetch(`${program.url}/_emulator/api/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-emulator-key': program.key },
    body: JSON.stringify({ instanceId, type: 'AppInstalled' }),
  });
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
