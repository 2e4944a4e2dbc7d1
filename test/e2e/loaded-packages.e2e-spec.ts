import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { compileInto } from '../support/compiled.js';

const RARELY_NEEDED = ['class-validator', 'lmdb', 'rate-limiter-flexible', '@wix/sdk', '@opentelemetry/api'];

// What is parsed is loaded, as an ES module or from CommonJS.
const printingLoaded = (script: string): string => `
  import { Session } from 'node:inspector';
  const loaded = new Set();
  const session = new Session();
  session.connect();
  session.on('Debugger.scriptParsed', ({ params: { url } }) => {
    loaded.add(/.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1]);
  });
  session.post('Debugger.enable');
  ${script}
  console.log(JSON.stringify(${JSON.stringify(RARELY_NEEDED)}.filter((name) => loaded.has(name))));
  process.exit();
`;

const starting = (extras: string): string => `
  const { NestFactory } = await import('@nestjs/core');
  const { WixAuthModule } = await import('./src/index.js');
  const options = { appId: '6c0e55f5-5d1e-4f4f-9a8a-4b0f2a3d9c11', appSecret: 'b1d6a3f2-93f6-4c0c-8d8f-2b0f7d3a6e55' };
  const module = WixAuthModule.forRoot({ ...options, ${extras} });
  await (await NestFactory.create(module, { logger: false })).init();
`;

describe('What the package loads', () => {
  const sources = mkdtempSync(join(tmpdir(), 'loaded-packages-'));

  beforeAll(() => {
    compileInto(sources, []);
  });
  afterAll(() => {
    rmSync(sources, { recursive: true });
  });

  const loadedBy = (script: string): unknown => {
    const args = ['--input-type=module', '--eval', printingLoaded(script)];
    return JSON.parse(execFileSync(process.execPath, args, { cwd: sources, encoding: 'utf8' }));
  };

  it('on import excludes what only some apps need', () => {
    expect(loadedBy(`await import('./src/index.js');`)).toEqual([]);
  });

  it('on start is what checks its options, and lmdb only where sites can install the app', () => {
    expect(loadedBy(starting(''))).toEqual(['class-validator']);
    const refreshTokenFolder = join(sources, 'refresh-tokens');
    const install = { publicUrl: 'https://app.test', customAuthentication: true, refreshTokenFolder };
    expect(loadedBy(starting(`install: ${JSON.stringify(install)}`))).toEqual(['class-validator', 'lmdb']);
  });
});
