import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { compileInto } from '../support/compiled.js';
import { freePort } from '../support/free-port.js';
import { LocalServer } from '../support/local-server.js';
import { untilTrue } from '../support/until-true.js';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Started {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly end: () => Promise<number | null>;
}

let build: string;
let cwd: string;
const children: ChildProcess[] = [];

beforeAll(() => {
  build = mkdtempSync(join(tmpdir(), 'cli-build-'));
  compileInto(build, []);
});
afterAll(() => rmSync(build, { recursive: true }));
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'cli-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(cwd, { recursive: true });
});

const main = () => join(build, 'src/cli/main.js');

/** Runs a command to its end. */
const run = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main(), ...args], { cwd }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });

/** Starts the emulator, and waits until it has said all. */
async function start(...args: readonly string[]): Promise<Started> {
  const child = spawn(process.execPath, [main(), 'emulator', ...args], { cwd });
  children.push(child);
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()));
  await untilTrue(() => out.includes('Ctrl-C') || child.exitCode !== null);
  const end = async (): Promise<number | null> => {
    const gone = once(child, 'exit');
    child.kill('SIGINT');
    const [code] = await gone;
    return code as number | null;
  };
  return { child, out: () => out, end };
}

const lineOf = (out: string, name: string): string => new RegExp(`^${name}=(.+)$`, 'm').exec(out)?.[1] ?? '';
const modeOf = (path: string): string => (statSync(join(cwd, path)).mode & 0o777).toString(8);

describe('nestjs-wix-auth emulator', () => {
  it('prints the console first, then the lines for .env, and how to start the app', async () => {
    const port = await freePort();
    const { out, end } = await start(
      '--port',
      String(port),
      '--app-url',
      `http://localhost:${String(await freePort())}`,
    );
    const [first = ''] = out().split('\n');
    expect(first).toMatch(new RegExp(`^Console: +http://127\\.0\\.0\\.1:${String(port)}/_emulator/#key=[\\w-]{43}$`));
    expect(lineOf(out(), 'WIX_APP_ID')).toMatch(/^[0-9a-f-]{36}$/);
    expect(lineOf(out(), 'WIX_APP_SECRET')).toMatch(/^[0-9a-f-]{36}$/);
    expect(lineOf(out(), 'WIX_PUBLIC_KEY')).toMatch(/^"-----BEGIN PUBLIC KEY-----\\n.+"$/);
    expect(lineOf(out(), 'WIX_API_URL')).toBe(`http://127.0.0.1:${String(port)}`);
    expect(out()).toContain('Nothing listens at http://localhost:');
    const page = await fetch(`http://127.0.0.1:${String(port)}/`);
    expect(page.url).toBe(`http://127.0.0.1:${String(port)}/_emulator/`);
    expect(await end()).toBe(0);
  });

  it('exits immediately on Ctrl-C, even with open connections', async () => {
    const port = await freePort();
    const { out, end } = await start('--port', String(port));
    const key = /#key=(\S+)/.exec(out())?.[1] ?? '';
    const stream = await fetch(`http://127.0.0.1:${String(port)}/_emulator/api/stream`, {
      headers: { 'x-emulator-key': key },
    });
    expect(stream.status).toBe(200);
    const startedMs = performance.now();
    expect(await end()).toBe(0);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(existsSync(join(cwd, '.wix-emulator/run.json'))).toBe(false);
  });

  it('has the same app, secret and keys in the next run, in a folder that only this user can read', async () => {
    const first = await start('--port', String(await freePort()));
    const names = ['WIX_APP_ID', 'WIX_APP_SECRET', 'WIX_PUBLIC_KEY'];
    const before = names.map((name) => lineOf(first.out(), name));
    expect(['.wix-emulator', '.wix-emulator/run.json', '.wix-emulator/identity.json'].map(modeOf)).toEqual([
      '700',
      '600',
      '600',
    ]);
    expect(readFileSync(join(cwd, '.wix-emulator/.gitignore'), 'utf8')).toBe('*\n');
    expect(first.out()).toContain('.gitignore');
    await first.end();
    const second = await start('--port', String(await freePort()));
    expect(names.map((name) => lineOf(second.out(), name))).toEqual(before);
  });

  it('says in one line that the port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    const { code, out, err } = await run('emulator', '--port', port);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(`Port ${port} is taken. Stop what runs there, or give another one with --port.\n`);
    await new Promise((resolve) => server.close(resolve));
  });

  it('lists everything that is wrong with a config', async () => {
    writeFileSync(join(cwd, 'wix-emulator.json'), JSON.stringify({ apps: [], sites: [{}] }));
    const { code, err } = await run('emulator', '--port', '0');
    expect(code).toBe(1);
    expect(err.trim().split('\n')).toEqual([
      expect.stringContaining('wix-emulator.json has mistakes:'),
      '- installs is missing.',
      '- apps must have at least 1 entry.',
      '- sites[0].key is missing.',
    ]);
    expect((await run('emulator', '--config', 'absent.json', '--port', '0')).err).toContain('cannot be read (ENOENT)');
    expect((await run('emulator', '--port', 'many')).code).toBe(2);
  });

  it('saves the scenario to --state and loads it again, without secrets or keys', async () => {
    const first = await start('--port', String(await freePort()), '--state', 'shared.json');
    const saved = readFileSync(join(cwd, 'shared.json'), 'utf8');
    expect(saved).toContain(lineOf(first.out(), 'WIX_APP_ID'));
    expect(saved).not.toContain(lineOf(first.out(), 'WIX_APP_SECRET'));
    expect(saved).not.toContain('KEY');
    await first.end();
    rmSync(join(cwd, '.wix-emulator'), { recursive: true });
    const second = await start('--port', String(await freePort()), '--state', 'shared.json');
    expect(lineOf(second.out(), 'WIX_APP_ID')).toBe(lineOf(first.out(), 'WIX_APP_ID'));
    expect(lineOf(second.out(), 'WIX_APP_SECRET')).not.toBe(lineOf(first.out(), 'WIX_APP_SECRET'));
  });
});

describe('beside a running emulator', () => {
  it('send, token and plugin find it by its folder', async () => {
    const received: string[] = [];
    const app = new LocalServer((request, response) => {
      received.push(`${request.method ?? ''} ${request.url ?? ''}`);
      request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
    });
    await start('--port', String(await freePort()), '--app-url', await app.start());
    writeFileSync(join(cwd, 'data.json'), '{"appId":"another"}');

    const sent = await run('send', 'AppInstalled', '--data', 'data.json', '--times', '2');
    expect(sent).toMatchObject({ code: 0, err: '' });
    expect(sent.out).toMatch(/^AppInstalled → \S+\/wix\/webhooks: 200 in \d+ ms \(delivered\)\n/);
    expect(received).toEqual(['POST /wix/webhooks', 'POST /wix/webhooks']);

    const plugin = await run('plugin', 'getShippingRates');
    expect(plugin).toMatchObject({ code: 0, err: '' });
    expect(received.at(-1)).toBe('POST /plugins/v1/getRates');

    const token = await run('token', '--as', 'manager');
    expect(token).toMatchObject({ code: 0, err: '', out: '.wix-emulator/manager.header\n' });
    expect(modeOf('.wix-emulator/manager.header')).toBe('600');
    expect(readFileSync(join(cwd, '.wix-emulator/manager.header'), 'utf8')).toMatch(/^authorization: OauthNG\.JWS\./);

    expect(await run('token', '--as', 'stranger')).toMatchObject({
      code: 1,
      err: expect.stringContaining('owner, manager, agent, member, visitor'),
    });
    expect((await run('plugin', 'getNothing')).err).toContain('There are: ');
    expect((await run('send', 'AppInstalled', '--site', 'nowhere')).err).toContain('There are: flowers, bulbs.');
    await app.stop();
    expect(await run('send', 'AppInstalled')).toMatchObject({ code: 1, out: expect.stringContaining('no answer') });
  });

  it('says how to start one when none is running', async () => {
    expect(await run('send', 'AppInstalled')).toEqual({
      code: 1,
      out: '',
      err: 'No emulator is running in this folder or one above it. Start one: npx nestjs-wix-auth emulator\n',
    });
  });
});
