// Starts the sample as `npm start` does, and runs the commands of each page about an error: what they print must have the
// code of that page. Needs a build. Part of .ci/nightly.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { root } from './run.mjs';

const START_TIMEOUT_MS = 300_000;
const folder = join(root, 'docs/errors');

const pages = readdirSync(folder)
  .filter((name) => name.startsWith('WIX_'))
  .map((name) => ({ code: name.replace('.md', ''), commands: commandsIn(readFileSync(join(folder, name), 'utf8')) }));

const [port, wixPort] = [await freePort(), await freePort()];
const sample = spawnSample();
try {
  await started(sample);
  const failed = pages.filter(({ commands }) => commands.length > 0).filter((page) => !showsItsCode(page));
  const prose = pages.filter(({ commands }) => commands.length === 0).map(({ code }) => code);
  console.log(`${pages.length - prose.length} pages show their code${failed.length > 0 ? ', but not' : ''}.`);
  for (const { code } of failed) console.error(`- ${code}`);
  console.log(`Without commands: ${prose.join(', ')}.`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  process.kill(-sample.pid, 'SIGTERM');
  await once(sample, 'close');
}

function commandsIn(page) {
  return [...page.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, commands]) => commands);
}

/** Runs the commands of a page, with the ports of this run and the program of this repository. */
function showsItsCode({ code, commands }) {
  const script = commands
    .join('\n')
    .replaceAll('localhost:3000', `localhost:${port}`)
    .replaceAll('localhost:4444', `localhost:${wixPort}`)
    .replaceAll('npx nestjs-wix-auth', 'node dist/esm/cli/main.js');
  const env = { ...process.env, NO_COLOR: '1' };
  const { stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: root, env, encoding: 'utf8', timeout: 30_000 });
  const isShown = `${stdout}${stderr}`.includes(code);
  if (!isShown) console.error(`${code}:\n${stdout}${stderr}`);
  return isShown;
}

function spawnSample() {
  const env = { ...process.env, PORT: String(port), WIX_PORT: String(wixPort) };
  return spawn(process.execPath, ['scripts/start.mjs'], { cwd: root, env, detached: true, stdio: 'pipe' });
}

async function started(child) {
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (printed += text));
  for (const endMs = Date.now() + START_TIMEOUT_MS; !printed.includes('The sample app runs'); await delay(100)) {
    if (Date.now() < endMs && child.exitCode === null) continue;
    console.error(printed);
    throw new Error('The sample did not start.');
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address();
  server.close();
  return free;
}
