import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as own from 'nestjs-wix-auth';
import { WixEmulator } from 'nestjs-wix-auth/testing';

import { compileInto } from '../support/compiled.js';
import { platforms, startApp } from '../support/running-app.js';
import { honoredCases, refusedCases, subclassCase, type CaseContext } from '../support/two-copies.js';

describe.each(platforms)('Two copies of the package in one application on %s', (platform) => {
  const folder = mkdtempSync(join(tmpdir(), 'another-copy-'));
  let wix: WixEmulator;
  let context: CaseContext;

  beforeAll(async () => {
    compileInto(folder, []);
    const other = (await import(join(folder, 'src/index.js'))) as typeof own;
    wix = await WixEmulator.start();
    const [app, site] = [wix.addApp(), wix.addSite()];
    const install = wix.install(app, site, { grants: ['SCOPE.DC-STORES.READ-PRODUCTS'] });
    context = {
      ...{ own, other, wix, app, site, install },
      serve: async (metadata, use) => {
        const running = await startApp(platform, metadata);
        await use(running.url).finally(() => running.close());
      },
    };
  });
  afterAll(async () => {
    await wix.stop();
    rmSync(folder, { recursive: true });
  });

  it.each(honoredCases)('honor $what of either', async ({ run }) => {
    expect(context.other.RequireScopes).not.toBe(own.RequireScopes);
    await expect(run(context)).resolves.toBeUndefined();
  });

  it.each([...refusedCases, subclassCase])('do not start with $what of the other', async ({ run }) => {
    await expect(run(context)).resolves.toBeUndefined();
  });
});
