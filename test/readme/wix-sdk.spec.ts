import { request } from 'node:http';
import { text } from 'node:stream/consumers';

import { appInstances } from '@wix/app-management';
import { shippingRates } from '@wix/ecom/service-plugins';
import { WixAuthModule } from 'nestjs-wix-auth';
import { emulatedOptions, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { codeOf } from '../support/code-of.js';
import { READ_PRODUCTS, siteWith } from '../support/emulated-site.js';
import { LocalServer } from '../support/local-server.js';
import { call, startApp, type RunningApp } from '../support/running-app.js';
import { ShopController } from './snippets/wix-sdk-errors.js';
import { OldClients } from './snippets/wix-sdk-migrating.js';

describe("The chapter about Wix's SDK", () => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
    running = await startApp('express', {
      imports: [WixAuthModule.forRoot(emulatedOptions(wix, app))],
      controllers: [ShopController],
      providers: [OldClients],
    });
  });
  afterEach(() => wix.clearFaults());
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  describe('A client used as before, with the tokens and requests of this module', () => {
    const shop = () => siteWith(wix, app, READ_PRODUCTS);
    const clientOf = ({ install }: ReturnType<typeof shop>) =>
      running.app.get(OldClients).clientFor(app, install.instanceId);

    it('calls the API of the module', async () => {
      const site = shop();
      site.site.addProduct({ name: 'Mug' });
      wix.resetLog();
      const { items } = await clientOf(site).productsV3.queryProducts().find();
      expect(items).toMatchObject([{ name: 'Mug' }]);
      expect(wix.requests.map(({ path }) => path)).toEqual(['/oauth2/token', '/stores/v3/products/query']);
    });

    it('receives webhooks', async () => {
      const site = shop();
      const client = clientOf(site);
      const installed: unknown[] = [];
      client.use(appInstances.onAppInstanceInstalled)(({ metadata }) => void installed.push(metadata.instanceId));
      await client.webhooks.process(wix.send.webhookBody(site.install, { type: 'AppInstalled' }));
      expect(installed).toEqual([site.install.instanceId]);
      const forged = wix.send.webhookBody(site.install, { type: 'AppInstalled' }, { forgery: 'another-key' });
      await expect(client.webhooks.process(forged)).rejects.toThrow();
    });

    it('serves plugins', async () => {
      const site = shop();
      const { use, servicePlugins } = clientOf(site);
      const rate = { code: 'standard', title: 'Standard', cost: { price: '4.90', currency: 'EUR' } };
      use(shippingRates).provideHandlers({ getShippingRates: () => ({ shippingRates: [rate] }) });
      const server = new LocalServer((asked, response) => {
        void text(asked)
          .then((body) => servicePlugins.process({ url: asked.url ?? '', body }))
          .then(
            (answer) => response.end(JSON.stringify(answer)),
            () => response.writeHead(403).end(),
          );
      });
      const url = `${await server.start()}/v1/getRates`;
      const metadata = { appExtensionType: 'ECOM_SHIPPING_RATES' };
      const genuine = await wix.send.servicePlugin(site.install, url, {}, { metadata });
      const forged = await wix.send.servicePlugin(site.install, url, {}, { metadata, forgery: 'another-key' });
      await server.stop();
      expect([genuine.status, forged.status]).toEqual([200, 403]);
    });

    it('has no token to show', async () => {
      await expect(clientOf(shop()).auth.getTokenInfo()).rejects.toThrow('Missing token');
    });

    it('does not give access to a site by an id that proves nothing', async () => {
      expect(await codeOf(() => running.app.get(OldClients).clientFor(app, 'no id'))).not.toBe('none');
    });
  });

  describe('A route that reads through a module', () => {
    it('answers 404 for what Wix does not find', async () => {
      const site = siteWith(wix, app, READ_PRODUCTS);
      site.site.addProduct({ name: 'Mug', slug: 'mug' });
      expect(await call(`${running.url}/shop/mug`, site.visitorToken())).toMatchObject({ status: 200 });
      expect(await call(`${running.url}/shop/cup`, site.visitorToken())).toMatchObject({ status: 404 });
    });

    it('aborts its call to Wix when the caller disconnects', async () => {
      const path = '/stores/v3/products/slug/mug';
      wix.resetLog();
      wix.fail(path, { hang: true });
      const authorization = siteWith(wix, app, READ_PRODUCTS).visitorToken();
      const asked = request(`${running.url}/shop/mug`, { headers: { authorization } });
      asked.on('error', () => undefined).end();
      await wix.waitFor(path);
      asked.destroy();
      const sent = wix.requests.find((each) => each.path === path);
      await sent?.settled;
      expect(sent).toMatchObject({ aborted: true });
    });
  });
});
