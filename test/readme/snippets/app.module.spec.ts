import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { useWixEmulator, WixEmulator } from 'nestjs-wix-auth/testing';

import { AppModule } from './app.module.js';

describe('products', () => {
  let wix: WixEmulator;
  let nest: INestApplication;

  beforeAll(async () => {
    wix = await WixEmulator.start();
  });

  afterAll(async () => {
    await nest.close();
    await wix.stop();
  });

  it('are created by the owner of a site that granted it', async () => {
    const app = wix.addApp();
    const site = wix.addSite();
    const install = wix.install(app, site, { grants: ['SCOPE.DC-STORES.MANAGE-PRODUCTS'] });

    const builder = Test.createTestingModule({ imports: [AppModule] });
    const module = await useWixEmulator(builder, wix, app).compile();
    nest = module.createNestApplication();
    await nest.listen(0);

    const variants = [{ price: { actualPrice: { amount: '12' } } }];
    const product = { name: 'Roses', productType: 'PHYSICAL', physicalProperties: {}, variantsInfo: { variants } };
    const response = await fetch(`${await nest.getUrl()}/products`, {
      method: 'POST',
      headers: { authorization: wix.mint.userToken(install, site.owner), 'content-type': 'application/json' },
      body: JSON.stringify(product),
    });

    expect(response.status).toBe(201);
    expect(site.products).toHaveLength(1);
  });
});
