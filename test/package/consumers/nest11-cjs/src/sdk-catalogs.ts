import assert from 'node:assert/strict';

import { NestFactory } from '@nestjs/core';
import { appInstances } from '@wix/app-management';
import { contacts } from '@wix/crm';
import { products, productsV3 } from '@wix/stores';
import { trustedInstanceId, WixAuthModule } from 'nestjs-wix-auth';
import { WixSdkClientFactory } from 'nestjs-wix-auth/sdk';
import { WixEmulator } from 'nestjs-wix-auth/testing';

const GRANTS = ['SCOPE.DC-STORES.MANAGE-PRODUCTS', 'SCOPE.DC-CONTACTS.MANAGE-CONTACTS', 'SCOPE.DC.MANAGE-YOUR-APP'];

/** Creates, changes, reads and finds products of both catalogs and contacts, as CommonJS. */
export async function checkSdkCatalogs(): Promise<void> {
  const wix = await WixEmulator.start();
  const wixApp = wix.addApp();
  const options = { appId: wixApp.appId, appSecret: wixApp.appSecret, apiUrl: wix.url };
  const app = await NestFactory.createApplicationContext(WixAuthModule.forRoot(options), { logger: ['error', 'warn'] });
  const clientOn = (catalogVersion: 'V1' | 'V3') => {
    const site = wix.addSite();
    site.catalogVersion = catalogVersion;
    const { instanceId } = wix.install(wixApp, site, { grants: GRANTS });
    const modules = { appInstances, contacts, products, productsV3 };
    return app.get(WixSdkClientFactory).asInstance(trustedInstanceId(instanceId), modules);
  };
  try {
    const newer = await clientOn('V3');
    const mug = await newer.productsV3.createProduct({
      name: 'Mug',
      productType: 'PHYSICAL',
      physicalProperties: {},
      variantsInfo: { variants: [{ price: { actualPrice: { amount: '5' } }, physicalProperties: {} }] },
    });
    await newer.productsV3.updateProduct(mug._id ?? '', { revision: '1', name: 'Cup' });
    assert.equal((await newer.productsV3.getProduct(mug._id ?? '')).name, 'Cup');
    assert.equal((await newer.productsV3.queryProducts().find()).items.length, 1);

    const older = await clientOn('V1');
    const { product } = await older.products.createProduct({
      name: 'Mug',
      productType: 'physical',
      priceData: { price: 5 },
    });
    await older.products.updateProduct(product?._id ?? '', { name: 'Cup' });
    assert.equal((await older.products.getProduct(product?._id ?? '')).product?.name, 'Cup');
    assert.equal((await older.products.queryProducts().eq('name', 'Cup').find()).items.length, 1);

    const { contact } = await newer.contacts.createContact({ name: { first: 'Ada' } });
    assert.equal((await newer.contacts.getContact(contact?._id ?? '')).info?.name?.first, 'Ada');
    assert.notEqual((await newer.appInstances.getAppInstance()).instance, undefined);
  } finally {
    await app.close();
    await wix.stop();
  }
}
