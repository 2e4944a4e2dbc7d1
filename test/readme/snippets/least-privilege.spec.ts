import { Test } from '@nestjs/testing';
import { leastPrivilege, useWixEmulator, WixEmulator } from 'nestjs-wix-auth/testing';

import { AppModule } from './app.module.js';

it('declares the scopes that its routes need', async () => {
  const wix = await WixEmulator.start();
  const app = wix.addApp();
  const builder = Test.createTestingModule({ imports: [AppModule] });
  const module = await useWixEmulator(builder, wix, app).compile();
  const nest = module.createNestApplication();
  await nest.listen(0);

  const privilege = leastPrivilege(wix);
  const install = wix.install(app, wix.addSite(), { grants: ['SCOPE.DC-STORES.READ-PRODUCTS'] });
  const authorization = wix.mint.visitorToken(install, install.site.addVisitor());
  await fetch(`${await nest.getUrl()}/products`, { headers: { authorization } }); // your tests

  const report = await privilege.report(nest);
  report.assert();
  expect(String(report)).toContain('Query Products, POST /stores/v3/products/query, as the app, once');

  privilege.stop();
  await nest.close();
  await wix.stop();
});
