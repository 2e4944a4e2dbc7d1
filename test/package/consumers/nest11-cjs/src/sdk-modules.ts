import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { NestFactory } from '@nestjs/core';
import { contacts } from '@wix/crm';
import { productsV3 } from '@wix/stores';
import { trustedInstanceId, WixAuthModule, wixApiErrorOf } from 'nestjs-wix-auth';
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
    // The SDK makes its lists outside of Jest's context: they are arrays of another kind.
    assert.equal(products.map(({ name }) => name).join(), 'Chair');
    const { items: people } = await client.contacts.queryContacts().find();
    assert.equal(people.map(({ info }) => info?.name?.first).join(), 'Ada');
    await assert.rejects(client.productsV3.deleteProduct(products[0]?._id ?? ''), (error) => {
      const { status, permissionHint } = wixApiErrorOf(error) ?? {};
      assert.equal(status, 403);
      assert.equal(permissionHint?.permissionIds.join(), 'WIX_STORES.PRODUCT_DELETE');
      return true;
    });
    await checkRefusedRedirect(wix, () => client.productsV3.getProduct('p'));
  } finally {
    await app.close();
    await wix.stop();
  }
}

/** Throws when a redirect leads a call, and its token, to another origin. */
async function checkRefusedRedirect(wix: WixEmulator, call: () => Promise<unknown>): Promise<void> {
  let visits = 0;
  const foreign = createServer((_request, response) => {
    visits += 1;
    response.end('{}');
  });
  await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
  const { port } = foreign.address() as AddressInfo;
  wix.fail('/stores/v3/products/p', { status: 307, headers: { location: `http://127.0.0.1:${String(port)}/` } });
  await assert.rejects(call);
  await new Promise((resolve) => foreign.close(resolve));
  assert.equal(visits, 0);
}
