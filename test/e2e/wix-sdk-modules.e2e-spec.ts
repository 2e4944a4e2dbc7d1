import { Test, type TestingModule } from '@nestjs/testing';
import { appInstances } from '@wix/app-management';
import { contacts } from '@wix/crm';
import { catalogVersioning, products, productsV3 } from '@wix/stores';
import { trustedInstanceId, WixAuthModule, WixHttpService } from 'nestjs-wix-auth';
import { WixSdkClientFactory } from 'nestjs-wix-auth/sdk';
import { emulatedOptions, WixEmulator, type CatalogVersion, type EmulatedApp } from 'nestjs-wix-auth/testing';
import { firstValueFrom } from 'rxjs';

import { MANAGE_PRODUCTS, READ_PRODUCTS, siteWith, type TestSite } from '../support/emulated-site.js';
import { newProduct } from '../support/new-product.js';

const MANAGE_APP = 'SCOPE.DC.MANAGE-YOUR-APP';
const MANAGE_CONTACTS = 'SCOPE.DC-CONTACTS.MANAGE-CONTACTS';

const modules = { appInstances, catalogVersioning, contacts, products, productsV3 };

/** The packages are the real ones, as npm has them; only Wix itself is emulated. */
describe("The modules of Wix's SDK, with this module's tokens", () => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let nest: TestingModule;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp({ name: 'Mugs' });
    nest = await Test.createTestingModule({ imports: [WixAuthModule.forRoot(emulatedOptions(wix, app))] }).compile();
  });
  afterAll(async () => {
    await nest.close();
    await wix.stop();
  });

  const clientFor = ({ install }: TestSite) =>
    nest.get(WixSdkClientFactory).asInstance(trustedInstanceId(install.instanceId), modules);
  const httpFor = ({ install }: TestSite) => nest.get(WixHttpService).asInstance(trustedInstanceId(install.instanceId));
  const shopWith = (catalogVersion: CatalogVersion, ...grants: readonly string[]) => {
    const shop = siteWith(wix, app, ...grants);
    shop.site.catalogVersion = catalogVersion;
    return shop;
  };

  describe('productsV3', () => {
    it('creates, reads, changes and deletes a product that WixHttpService sees too', async () => {
      const shop = shopWith('V3', MANAGE_PRODUCTS);
      const { productsV3: v3 } = await clientFor(shop);
      const created = await v3.createProduct({
        name: 'Blue Mug',
        productType: 'PHYSICAL',
        physicalProperties: {},
        variantsInfo: { variants: [{ price: { actualPrice: { amount: '5' } }, physicalProperties: {} }] },
      });
      const id = created._id ?? '';
      expect(created).toMatchObject({ revision: '1', slug: 'blue-mug', _createdDate: expect.any(Date) });

      const changed = await v3.updateProduct(id, { revision: '1', visible: false });
      expect(changed).toMatchObject({ _id: id, revision: '2', name: 'Blue Mug', visible: false });
      expect(await v3.getProduct(id)).toMatchObject({ _id: id, revision: '2' });
      expect(await v3.getProductBySlug('blue-mug')).toMatchObject({ product: { _id: id } });
      const { data } = await firstValueFrom(httpFor(shop).get<{ product: object }>(`/stores/v3/products/${id}`));
      expect(data).toMatchObject({ product: { id, revision: '2' } });

      await v3.deleteProduct(id);
      expect(shop.site.products).toEqual([]);
    });

    it('queries with filters, order and pages', async () => {
      const shop = shopWith('V3', READ_PRODUCTS);
      for (const name of ['b', 'c', 'a']) shop.site.addProduct({ name, visible: name !== 'c' });
      const { productsV3: v3 } = await clientFor(shop);

      const first = await v3.queryProducts().eq('visible', true).descending('slug').limit(1).find();
      expect(first.items).toMatchObject([{ name: 'b' }]);
      expect(first.hasNext()).toBe(true);
      const second = await first.next();
      expect(second.items).toMatchObject([{ name: 'a' }]);
      expect(second.hasNext()).toBe(false);
    });

    it('is refused a change that is based on an older revision', async () => {
      const shop = shopWith('V3', MANAGE_PRODUCTS);
      const { id } = shop.site.addProduct({ name: 'Mug', revision: '7' });
      const { productsV3: v3 } = await clientFor(shop);
      await expect(v3.updateProduct(id, { revision: '6', name: 'Cup' })).rejects.toMatchObject({ status: 409 });
    });
  });

  describe('products (Catalog V1)', () => {
    it('creates, reads, changes and deletes a product', async () => {
      const shop = shopWith('V1', MANAGE_PRODUCTS);
      const { products: v1 } = await clientFor(shop);
      const { product } = await v1.createProduct({ name: 'Mug', productType: 'physical', priceData: { price: 5 } });
      const id = product?._id ?? '';

      await v1.updateProduct(id, { name: 'Cup' });
      expect(await v1.getProduct(id)).toMatchObject({ product: { _id: id, name: 'Cup', priceData: { price: 5 } } });
      expect((await v1.queryProducts().eq('name', 'Cup').find()).items).toMatchObject([{ _id: id }]);
      expect((await v1.queryProducts().eq('name', 'Mug').find()).items).toEqual([]);
      await v1.deleteProduct(id);
      expect(shop.site.products).toEqual([]);
    });

    it('pages by offset', async () => {
      const shop = shopWith('V1', READ_PRODUCTS);
      for (const name of ['b', 'c', 'a']) shop.site.addProduct({ name });
      const { products: v1 } = await clientFor(shop);
      const { items } = await v1.queryProducts().ascending('name').limit(1).skip(1).find();
      expect(items).toMatchObject([{ name: 'b' }]);
    });
  });

  it('gets 428 from a site of the other catalog, whose version it can request', async () => {
    const [older, newer] = [shopWith('V1', READ_PRODUCTS), shopWith('V3', MANAGE_PRODUCTS)];
    const [onOlder, onNewer] = [await clientFor(older), await clientFor(newer)];

    expect(await onOlder.catalogVersioning.getCatalogVersion()).toEqual({ catalogVersion: 'V1_CATALOG' });
    expect(await onNewer.catalogVersioning.getCatalogVersion()).toEqual({ catalogVersion: 'V3_CATALOG' });
    await expect(onOlder.productsV3.queryProducts().find()).rejects.toMatchObject({ status: 428 });
    await expect(onNewer.products.queryProducts().find()).rejects.toMatchObject({ status: 428 });
    const overHttp = firstValueFrom(httpFor(newer).post('/stores/v1/products', { product: newProduct('Mug') }));
    await expect(overHttp).rejects.toMatchObject({
      status: 428,
      applicationCode: 'CATALOG_V3_CALLING_CATALOG_V1_API',
    });
  });

  it('contacts: create, read, change, find and delete one', async () => {
    const shop = siteWith(wix, app, MANAGE_CONTACTS);
    const client = await clientFor(shop);
    const { contact } = await client.contacts.createContact({ name: { first: 'Ada', last: 'Lovelace' } });
    const id = contact?._id ?? '';

    await client.contacts.updateContact(id, { company: 'Engines' }, contact?.revision ?? 0);
    expect(await client.contacts.getContact(id)).toMatchObject({
      _id: id,
      revision: 1,
      info: { name: { first: 'Ada' }, company: 'Engines' },
    });
    const { items } = await client.contacts.queryContacts().eq('info.company', 'Engines').find();
    expect(items).toMatchObject([{ _id: id }]);
    await client.contacts.deleteContact(id);
    expect(shop.site.contacts).toEqual([]);
  });

  it('appInstances: the installation, with the plan the site bought', async () => {
    const shop = siteWith(wix, app, MANAGE_APP);
    shop.install.plan = 'gold';
    const client = await clientFor(shop);
    expect(await client.appInstances.getAppInstance()).toMatchObject({
      instance: { instanceId: shop.install.instanceId, appName: 'Mugs', billing: { packageName: 'gold' } },
      site: { siteId: shop.site.siteId },
    });
  });
});
