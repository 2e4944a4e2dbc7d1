import { NestFactory } from '@nestjs/core';
import type * as Package from 'nestjs-wix-auth';
import { WixEmulator } from 'nestjs-wix-auth/testing';

import { honoredCases, refusedCases, type CaseContext } from './two-copies.js';

/** Uses both builds of the package in one application, a decorator, guard or port at a time; throws when one is lost. */
export async function checkBothBuilds(own: typeof Package, other: typeof Package): Promise<void> {
  if (own.WixAuthGuard === other.WixAuthGuard) throw new Error('Both builds are the same copy.');
  const wix = await WixEmulator.start();
  const [app, site] = [wix.addApp(), wix.addSite()];
  const install = wix.install(app, site, { grants: ['SCOPE.DC-STORES.READ-PRODUCTS'] });
  for (const { what, run } of [...honoredCases, ...refusedCases]) {
    await run({ own, other, wix, app, site, install, serve }).catch((cause: unknown) => {
      throw new Error(`Two builds in one process: ${what}`, { cause });
    });
  }
  await wix.stop();
}

const serve: CaseContext['serve'] = async (metadata, use) => {
  const module = { module: class AppModule {}, ...metadata };
  const app = await NestFactory.create(module, { logger: false, abortOnError: false });
  await app.listen(0, '127.0.0.1');
  await use(await app.getUrl()).finally(() => app.close());
};
