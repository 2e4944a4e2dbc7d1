import assert from 'node:assert/strict';

import { NestFactory } from '@nestjs/core';
import { contacts } from '@wix/crm';
import { productsV3 } from '@wix/stores';
import { trustedInstanceId, WixAuthModule } from 'nestjs-wix-auth';
import { WixSdkClientFactory } from 'nestjs-wix-auth/sdk';
import { WixEmulator } from 'nestjs-wix-auth/testing';

/** Calls an emulated Wix by the modules of Wix's SDK, as CommonJS; throws when an answer is wrong. */
export async function checkSdkModules(): Promise<void> {
  const wix = await WixEmulator.start();
  const wixApp = wix.addApp();
  const site = wix.addSite();
  const grants = ['SCOPE.DC-STORES.READ-PRODUCTS', 'SCOPE.DC-CONTACTS.READ-CONTACTS'];
  const { instanceId } = wix.install(wixApp, site, { grants });
  site.addProduct({ name: 'Chair' });
  site.addContact({ info: { name: { first: 'Ada' } } });

  const options = { appId: wixApp.appId, appSecret: wixApp.appSecret, apiUrl: wix.url };
  const app = await NestFactory.createApplicationContext(WixAuthModule.forRoot(options), { logger: ['error', 'warn'] });
  try {
    const factory = app.get(WixSdkClientFactory);
    const client = await factory.asInstance(trustedInstanceId(instanceId), { contacts, productsV3 });
    const { items: products } = await client.productsV3.queryProducts().eq('visible', true).find();
    assert.deepEqual(
      products.map(({ name }) => name),
      ['Chair'],
    );
    const { items: people } = await client.contacts.queryContacts().find();
    assert.deepEqual(
      people.map(({ info }) => info?.name?.first),
      ['Ada'],
    );
    await assert.rejects(client.productsV3.deleteProduct(products[0]?._id ?? ''), { status: 403 });
  } finally {
    await app.close();
    await wix.stop();
  }
}
