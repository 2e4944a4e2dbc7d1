import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build } from 'esbuild';

import { compileInto } from '../support/compiled.js';

const MESSAGES = 'test/e2e/bundle/messages';

// What Nest's packages import for other platforms and transports.
const OPTIONAL_OF_NEST = [
  '@grpc/*',
  'amqp*',
  'kafkajs',
  'mqtt',
  'nats',
  '@nats-io/*',
  '@fastify/*',
  'class-transformer',
];

// Packages in the bundle that are CommonJS require Node's modules.
const banner = {
  js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
};

describe('An app bundled by esbuild into one file', () => {
  const sources = mkdtempSync(join(tmpdir(), 'bundled-sources-'));
  const elsewhere = mkdtempSync(join(tmpdir(), 'bundled-app-'));

  afterAll(() => {
    for (const folder of [sources, elsewhere]) rmSync(folder, { recursive: true });
  });

  const bundle = async (external: string[]): Promise<string> => {
    const outfile = join(elsewhere, 'app.mjs');
    const entryPoints = [join(sources, `${MESSAGES}.js`)];
    const settings = { bundle: true, platform: 'node', format: 'esm', logLevel: 'silent', keepNames: true } as const;
    await build({ ...settings, entryPoints, outfile, banner, external });
    return outfile;
  };

  it('tells WebSocket and message clients why they were refused, without other packages', async () => {
    compileInto(sources, [`${MESSAGES}.ts`]);
    const outfile = await bundle(['lmdb', ...OPTIONAL_OF_NEST]);

    const told = execFileSync(process.execPath, [outfile], { cwd: elsewhere, encoding: 'utf8' });

    const refusal = expect.objectContaining({ status: 'error', code: 'WIX_CREDENTIALS_MISSING' });
    expect(JSON.parse(told)).toEqual([refusal, refusal]);
  });
});
