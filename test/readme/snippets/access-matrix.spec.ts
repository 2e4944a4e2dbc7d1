import { Test } from '@nestjs/testing';
import { accessMatrix, useWixEmulator, WixEmulator } from 'nestjs-wix-auth/testing';

import { AppModule } from './app.module.js';

it('lets in whom the routes declare, and nobody else', async () => {
  const wix = await WixEmulator.start();
  const app = wix.addApp();
  const builder = Test.createTestingModule({ imports: [AppModule] });
  const module = await useWixEmulator(builder, wix, app).compile();
  const nest = module.createNestApplication();

  const install = wix.install(app, wix.addSite());
  const { cases, table } = accessMatrix(nest, { wix, install });
  for (const { run } of cases) await run();
  expect(table).toMatchSnapshot();

  await nest.close();
  await wix.stop();
});
