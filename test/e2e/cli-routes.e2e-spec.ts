import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { committedText } from '../support/committed.js';
import { compileInto } from '../support/compiled.js';

const MODULE = 'sample/src/app.module.js';
const CONTROLLERS = ['sample/src/products/products.controller.js', 'sample/src/demo/refused-by-wix.controller.js'];
const MANIFEST = 'wix-manifest.json';

interface Run {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

describe('The program, on the sample', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cli-'));
    compileInto(folder, ['sample/src']);
    writeFileSync(join(folder, 'prefixed.js'), PREFIXED);
    writeFileSync(
      join(folder, 'odd.js'),
      'export class One {}\nexport class Two {}\nexport const nothing = () => 1;\n',
    );
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  // Without the variables that the sample is configured by: nothing of it may be made.
  const run = (...args: readonly string[]): Promise<Run> =>
    new Promise((done) => {
      const env = { PATH: process.env['PATH'] };
      const main = join(folder, 'src/cli/main.js');
      execFile(process.execPath, [main, ...args], { cwd: folder, env, timeout: 60_000 }, (error, out, err) => {
        done({ exitCode: error === null ? 0 : Number(error.code), out, err });
      });
    });

  /** Runs with a change to the first compiled controller that contains what is changed. */
  async function withChange(from: string, to: string, ...args: readonly string[]): Promise<Run> {
    const path = CONTROLLERS.map((name) => join(folder, name)).find((file) =>
      readFileSync(file, 'utf8').includes(from),
    );
    if (path === undefined) throw new Error(`No controller contains ${from}`);
    const code = readFileSync(path, 'utf8');
    writeFileSync(path, code.replace(from, to));
    try {
      return await run(...args);
    } finally {
      writeFileSync(path, code);
    }
  }

  const check = ['check', MODULE, '--against', MANIFEST] as const;

  beforeAll(async () => {
    const { out } = await run('manifest', MODULE, '--json');
    writeFileSync(join(folder, MANIFEST), committedText(`sample/${MANIFEST}`, out));
  });

  it('finds that the routes match the manifest', async () => {
    expect(await run(...check)).toEqual({
      exitCode: 0,
      out: expect.stringMatching(/^Nothing beyond wix-manifest\.json: \d+ routes, 3 scopes\.\n$/) as unknown,
      err: '',
    });
  });

  it.each([
    [
      'a scope that was removed',
      'WixUserAuth({\n        scopes: [\n            MANAGE_PRODUCTS',
      'WixUserAuth({ scopes: [READ_PRODUCTS',
      'POST /products lost SCOPE.DC-STORES.MANAGE-PRODUCTS.',
    ],
    [
      'a route that acts for others',
      'WixUserAuth()',
      "(await import('nestjs-wix-auth')).WixInstanceAuth({ allow: ['user', 'visitor'] })",
      'POST /products/without-scope takes more callers now: visitor.',
    ],
    [
      'a guard that is gone',
      'WixUserAuth(),',
      '',
      'RefusedByWixController.create: it reads @WixIdentity, and no guard of WixAuthModule stands before it',
    ],
    [
      'a new route',
      "Get('names')",
      "Get(['names', 'more'])",
      'GET /products/more is new: takes app, user, member, visitor with SCOPE.DC-STORES.READ-PRODUCTS',
    ],
    [
      'a scope that is new',
      'WixUserAuth()',
      "WixUserAuth({ scopes: ['SCOPE.DC-CONTACTS.READ-CONTACTS'] })",
      'POST /products/without-scope needs SCOPE.DC-CONTACTS.READ-CONTACTS, which the manifest lacks.',
    ],
  ])('fails for %s, naming the route', async (_mistake, from, to, failure) => {
    const { exitCode, err } = await withChange(from, to, ...check);
    expect(err).toContain(`- ${failure}`);
    expect(exitCode).toBe(1);
  });

  it('writes the manifest on request, and passes afterwards', async () => {
    const update = await withChange(
      "Get('names')",
      "Get('titles')",
      'check',
      MODULE,
      '--against',
      'new.json',
      '--update',
    );
    expect(update).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^Written: new\.json, \d+ routes/) as unknown,
    });
    expect(await withChange("Get('names')", "Get('titles')", 'check', MODULE, '--against', 'new.json')).toMatchObject({
      exitCode: 0,
    });
    expect(await run('check', MODULE, '--against', 'new.json')).toMatchObject({
      exitCode: 1,
      out: expect.stringContaining('GET /products/titles is gone') as unknown,
      err: expect.stringContaining('GET /products/names is new') as unknown,
    });
  });

  it('lists routes as text, JSON and Markdown', async () => {
    const [text, json, markdown] = await Promise.all([
      run('routes', MODULE),
      run('routes', MODULE, '--json'),
      run('routes', MODULE, '--markdown'),
    ]);
    expect(text.out).toMatch(
      /^POST \/products +ProductsController\.create +user +SCOPE\.DC-STORES\.MANAGE-PRODUCTS +app and user$/m,
    );
    expect(JSON.parse(json.out)).toContainEqual(expect.objectContaining({ name: 'GET /health', access: 'unguarded' }));
    expect(markdown.out).toContain('| event AppInstalled | SiteLife.installed | Wix |  |  |\n');
    expect(text.err).toContain('without the global prefix and the versions that main.ts sets');
  });

  it('uses the addresses of an application that a function returns', async () => {
    const { out, err, exitCode } = await run('routes', 'prefixed.js');
    expect(out).toContain('GET /api/v1/things');
    expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 });
  });

  it('lists the permissions to request in the app dashboard', async () => {
    const { out } = await run('manifest', MODULE);
    expect(out).toMatch(/^SCOPE\.DC-STORES\.READ-PRODUCTS +Read Products +GET \/products, GET \/products\/names$/m);
  });

  it.each([
    [['routes', 'src/main.ts'], 'src/main.ts is TypeScript: build the project'],
    [['routes', 'missing.js'], 'missing.js cannot be loaded'],
    [['routes', 'odd.js'], 'Say which export is meant with --export: One, Two, nothing.'],
    [
      ['routes', 'odd.js', '--export', 'Three'],
      'odd.js exports no "Three"; choose one with --export: One, Two, nothing.',
    ],
    [['routes', 'odd.js', '--export', 'nothing'], 'does not return an application of Nest'],
    [['routes', 'odd.js', '--export', 'One'], 'does not import WixAuthModule'],
    [['check', MODULE, '--against', 'missing.json'], 'missing.json cannot be read: write it with --update.'],
    [['check', MODULE, '--against', MODULE], `${MODULE} is not JSON.`],
    [['check', MODULE, '--against', 'package.json'], 'package.json is not a manifest of this version'],
  ])('%j fails with what to do', async (args, message) => {
    const { exitCode, err } = await run(...args);
    expect(err).toContain(message);
    expect(err).not.toMatch(/^\s+at /m);
    expect(exitCode).toBe(1);
  });
});

const PREFIXED = `
import { Controller, Get, Module, VersioningType } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WixAuthModule } from 'nestjs-wix-auth';

class Things { list() { return []; } }
Get()(Things.prototype, 'list', Object.getOwnPropertyDescriptor(Things.prototype, 'list'));
Controller({ path: 'things', version: '1' })(Things);

class Root {}
const appId = 'a1111111-2222-4333-8444-55555555555f';
const appSecret = 'c0ffee00-5ec7-4e75-8bad-f00dc0ffee00';
Module({ imports: [WixAuthModule.forRoot({ appId, appSecret })], controllers: [Things] })(Root);

export default async function create() {
  const app = await NestFactory.create(Root, { logger: false });
  app.setGlobalPrefix('api');
  app.enableVersioning({ type: VersioningType.URI });
  return app;
}
`;
