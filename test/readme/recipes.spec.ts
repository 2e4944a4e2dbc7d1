import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Test } from '@nestjs/testing';
import { WixAuthModule, wixCorsOptions, WixIdentityService, wixOrigins } from 'nestjs-wix-auth';
import { newProduct } from '../support/new-product.js';
import { emulatedOptions, WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { call, startApp, type RunningApp } from '../support/running-app.js';
import { wixAuth } from './snippets/async-options.js';
import { CatalogModule } from './snippets/calling-wix.js';
import { appWithFakeOwner } from './snippets/fake-identity.js';
import { guarded, PagesController } from './snippets/global-guard.js';
import { DashboardController } from './snippets/iframe-page.js';
import { AddToSiteController, withInstallation } from './snippets/installation.js';
import { NightlyExport } from './snippets/outside-http.js';
import { ProductsController } from './snippets/products.controller.js';
import { withStaff } from './snippets/request-scoped-data.js';
import { ShippingRates } from './snippets/service-plugin.js';
import { ReportsController } from './snippets/paid-plans.js';
import { ContactLog } from './snippets/sdk-events.js';
import { PaymentsController, ShippingController } from './snippets/signed-requests.js';
import { featureOf } from './snippets/two-apps.js';
import { TeamTable, withTeam } from './snippets/user-grants.js';
import { withRoles } from './snippets/user-roles.js';
import { SiteLife, withWebhooks } from './snippets/webhooks.js';
import { Catalog } from './snippets/wix-sdk.js';
import { OrdersController, Sessions } from './snippets/own-login.js';
import serverless from './snippets/serverless.js';

// Whole test files, which say themselves what they expect.
import './snippets/faults-and-clock.js';
import './snippets/unit-test.js';
import './snippets/webhook-test.js';

const READ = 'SCOPE.DC-STORES.READ-PRODUCTS';
const MANAGE = 'SCOPE.DC-STORES.MANAGE-PRODUCTS';
const CONTRIBUTORS = 'SCOPE.DC-IDENTITY.MANAGE-CONTRIBUTORS';

describe('The recipes of the README', () => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp | undefined;

  beforeEach(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
    Object.assign(process.env, { WIX_APP_ID: app.appId, WIX_APP_SECRET: app.appSecret, WIX_API_URL: wix.url });
  });

  afterEach(async () => {
    await running?.close();
    running = undefined;
    await wix.stop();
  });

  const installed = (...grants: string[]) => {
    const site = wix.addSite();
    return { site, install: wix.install(app, site, { grants }) };
  };

  const post = (url: string, token: string) =>
    call(url, token, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(newProduct('Roses', 12)),
    });

  it('one guard for everything', async () => {
    const { site, install } = installed();
    running = await startApp('express', {
      imports: [guarded(emulatedOptions(wix, app))],
      controllers: [PagesController],
    });
    const visitor = wix.mint.visitorToken(install, site.addVisitor());
    const owner = wix.mint.userToken(install, site.owner);

    expect(await call(`${running.url}/me`, visitor)).toMatchObject({ status: 200, body: { type: 'visitor' } });
    expect(await call(`${running.url}/me`)).toMatchObject({ status: 401 });
    expect(await call(`${running.url}/settings`, visitor)).toMatchObject({ status: 403 });
    expect(await call(`${running.url}/settings`, owner)).toMatchObject({ body: { userId: site.owner.userId } });
    expect(await call(`${running.url}/welcome`)).toMatchObject({ body: { hello: 'stranger' } });
    expect(await call(`${running.url}/welcome`, owner)).toMatchObject({ body: { hello: 'user' } });
    expect(await call(`${running.url}/welcome`, 'garbage')).toMatchObject({ status: 401 });
  });

  it('options from @nestjs/config', async () => {
    const { site, install } = installed(READ);
    running = await startApp('express', { imports: [wixAuth], controllers: [ProductsController] });
    const visitor = wix.mint.visitorToken(install, site.addVisitor());
    expect(await call(`${running.url}/products`, visitor)).toMatchObject({ status: 200 });
  });

  it('paid plans', async () => {
    const { site, install } = installed();
    running = await startApp('express', {
      imports: [WixAuthModule.forRoot(emulatedOptions(wix, app))],
      controllers: [ReportsController],
    });
    install.plan = 'basic';
    const owner = wix.mint.userToken(install, site.owner);
    expect(await call(`${running.url}/reports`, owner)).toMatchObject({ status: 200 });
    expect(await call(`${running.url}/reports/export`, owner)).toMatchObject({
      status: 403,
      body: { code: 'WIX_PLAN_REQUIRED', upgradeUrl: expect.stringContaining(install.instanceId) },
    });
  });

  it('roles mapped to scopes', async () => {
    const { site, install } = installed(MANAGE, CONTRIBUTORS);
    const manager = site.addUser({ roles: ['6600344420111308827'], permissions: [MANAGE] });
    running = await startApp('express', {
      imports: [withRoles(emulatedOptions(wix, app))],
      controllers: [ProductsController],
    });
    expect(await post(`${running.url}/products`, wix.mint.userToken(install, manager))).toMatchObject({ status: 201 });
    expect(await post(`${running.url}/products`, wix.mint.userToken(install, site.addUser()))).toMatchObject({
      status: 403,
      body: { code: 'WIX_SCOPE_MISSING', lackedBy: ['user'] },
    });
  });

  it('your own table of permissions', async () => {
    const { site, install } = installed(MANAGE);
    const editor = site.addUser({ permissions: [MANAGE] });
    running = await startApp('express', {
      imports: [withTeam(emulatedOptions(wix, app))],
      controllers: [ProductsController],
    });
    running.app.get(TeamTable).editors.add(editor.userId);
    expect(await post(`${running.url}/products`, wix.mint.userToken(install, editor))).toMatchObject({ status: 201 });
    const refused = await post(`${running.url}/products`, wix.mint.userToken(install, site.addUser()));
    expect(refused).toMatchObject({ status: 403 });
    expect(JSON.stringify(refused.body)).toContain('Ask the owner to add you to the team.');
  });

  it('data of one request in a port', async () => {
    const { site, install } = installed(MANAGE);
    running = await startApp('express', {
      imports: [withStaff(emulatedOptions(wix, app))],
      controllers: [ProductsController],
    });
    const editor = site.addUser({ permissions: [MANAGE] });
    expect(await post(`${running.url}/products`, wix.mint.userToken(install, editor))).toMatchObject({ status: 201 });
  });

  it('pages in Wix iframes', async () => {
    const { site, install } = installed();
    running = await startApp('express', {
      imports: [WixAuthTestingModule.forApp(wix, app)],
      controllers: [DashboardController],
    });
    const instance = wix.mint.signedInstance(install, { user: site.owner });
    expect(await call(`${running.url}/dashboard?instance=${instance}`)).toMatchObject({ status: 200 });
  });

  it('CORS for Wix front ends', async () => {
    running = await startApp(
      'express',
      { imports: [WixAuthTestingModule.forApp(wix, app)], controllers: [ProductsController] },
      {
        configure: (nest) => {
          const sites = ['https://www.my-shop.com', /\.wixsite\.com$/];
          nest.enableCors(wixCorsOptions({ origin: wixOrigins({ appId: app.appId, sites }) }));
        },
      },
    );
    const preflight = await call(`${running.url}/products`, undefined, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://flowers.wixsite.com',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,x-wix-linguist',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://flowers.wixsite.com');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-wix-linguist');
  });

  it('several apps in one process', async () => {
    const { site, install } = installed(READ);
    const other = wix.addApp();
    running = await startApp('express', { imports: [featureOf(emulatedOptions(wix, app))] });
    const ours = wix.mint.visitorToken(install, site.addVisitor());
    const theirs = wix.mint.visitorToken(wix.install(other, site, { grants: [READ] }), site.addVisitor());
    expect(await call(`${running.url}/products`, ours)).toMatchObject({ status: 200 });
    expect(await call(`${running.url}/products`, theirs)).toMatchObject({ status: 401 });
  });

  it('outside HTTP', async () => {
    const { site, install } = installed(READ);
    site.addProduct({ name: 'Roses', price: 12 });
    const module = await Test.createTestingModule({
      imports: [WixAuthModule.forRoot(emulatedOptions(wix, app))],
      providers: [NightlyExport],
    }).compile();
    const nightly = module.get(NightlyExport);

    expect(JSON.stringify(await nightly.exportProducts(install.instanceId))).toContain('Roses');
    expect(await nightly.authorizationFor(install.instanceId)).toMatch(/^OauthNG\.JWS\./);
    expect(await nightly.senderOf(wix.mint.userToken(install, site.owner))).toBe(install.instanceId);
    await module.close();
  });

  it('a fake caller, without a request to Wix', async () => {
    const module = await appWithFakeOwner();
    const nest = module.createNestApplication({ logger: false });
    await nest.listen(0, '127.0.0.1');
    running = { app: nest, url: await nest.getUrl(), close: () => nest.close() };

    expect(await post(`${running.url}/products`, 'any credential')).toMatchObject({
      status: 201,
      body: { product: { id: '7' } },
    });
    expect(await call(`${running.url}/products`, 'any credential')).toMatchObject({
      status: 403,
      body: { code: 'WIX_SCOPE_MISSING', missingScopes: [READ] },
    });
    expect(await call(`${running.url}/products`)).toMatchObject({ status: 401 });
    expect(wix.requests).toEqual([]);
  });

  it('your own login', async () => {
    const { site, install } = installed();
    running = await startApp('express', {
      imports: [WixAuthTestingModule.forApp(wix, app)],
      controllers: [OrdersController],
      providers: [Sessions],
    });
    const visitor = wix.mint.visitorToken(install, site.addVisitor());
    const bySession = (session: string) =>
      call(`${running?.url ?? ''}/orders`, undefined, { headers: { 'x-session': session } });

    expect(await call(`${running.url}/orders`, visitor)).toMatchObject({ status: 200, body: { for: 'visitor' } });
    expect(await bySession('a session')).toMatchObject({ status: 200, body: { for: 'a session' } });
    expect(await bySession('another one')).toMatchObject({ status: 403 });
    expect(await call(`${running.url}/orders`, 'garbage')).toMatchObject({ status: 401 });
    expect(await call(`${running.url}/orders/of-wix`, wix.mint.userToken(install, site.owner))).toMatchObject({
      body: { for: site.owner.userId },
    });
  });

  it('a serverless host', async () => {
    const { site, install } = installed(READ);
    const host = createServer((request, response) => void serverless(request, response)).listen(0, '127.0.0.1');
    await once(host, 'listening');
    const { port } = host.address() as AddressInfo;
    const visitor = wix.mint.visitorToken(install, site.addVisitor());

    expect(await call(`http://127.0.0.1:${String(port)}/products`, visitor)).toMatchObject({ status: 200 });
    expect(await call(`http://127.0.0.1:${String(port)}/products`)).toMatchObject({ status: 401 });
    host.close();
  });

  it('calling Wix', async () => {
    const { site, install } = installed(READ);
    const product = site.addProduct({ name: 'Roses', price: 12 });
    running = await startApp('express', { imports: [WixAuthTestingModule.forApp(wix, app), CatalogModule] });
    const visitor = wix.mint.visitorToken(install, site.addVisitor());
    const agent = wix.mint.userToken(install, site.addUser());

    expect(await call(`${running.url}/catalog`, visitor)).toMatchObject({ body: ['Roses'] });
    expect(await call(`${running.url}/catalog/one?id=${product.id}`, visitor)).toMatchObject({ body: 'Roses' });
    expect(await call(`${running.url}/catalog/one?id=nothing`, visitor)).toMatchObject({ body: 'none' });
    expect(await call(`${running.url}/catalog/one?id=${product.id}`, agent, { method: 'DELETE' })).toMatchObject({
      status: 403,
      body: { code: 'WIX_API_ERROR' },
    });
  });

  it("clients of Wix's SDK", async () => {
    const { site, install } = installed(MANAGE);
    const roses = site.addProduct({ name: 'Roses', price: 12 });
    const module = await Test.createTestingModule({
      imports: [WixAuthModule.forRoot(emulatedOptions(wix, app))],
      providers: [Catalog],
    }).compile();
    const identities = module.get(WixIdentityService);
    const user = await identities.verify(wix.mint.userToken(install, site.owner));

    expect(await module.get(Catalog).names(user)).toEqual(['Roses']);
    expect(await module.get(Catalog).hasCatalogV3(user)).toBe(true);
    if (user.type === 'user') await module.get(Catalog).hide(user, roses.id);
    expect(site.products).toMatchObject([{ name: 'Roses', visible: false, revision: '2' }]);
    await module.close();
  });

  it('webhooks', async () => {
    const { install } = installed();
    running = await startApp('express', {
      imports: [withWebhooks({ ...emulatedOptions(wix, app), publicKey: app.publicKey })],
      providers: [SiteLife, ContactLog],
    });
    const life = running.app.get(SiteLife);
    const endpoint = `${running.url}/wix/webhooks`;

    await wix.send.webhook(install, endpoint, { type: 'AppInstalled' }).delivered;
    expect([...life.tenants.keys()]).toEqual([install.instanceId]);
    const contact = { fqdn: 'wix.contacts.v4.contact', slug: 'created', entity: { id: 'a contact' } };
    await wix.send.domainEvent(install, endpoint, contact).delivered;
    expect(life.contacts).toEqual(['a contact']);
    expect([...running.app.get(ContactLog).contacts]).toEqual([['a contact', expect.any(Date)]]);
    await wix.send.webhook(install, endpoint, { type: 'AppRemoved' }).delivered;
    expect(life.tenants.size).toBe(0);
  });

  it('service plugins and digests', async () => {
    const { install } = installed();
    running = await startApp('express', {
      imports: [WixAuthModule.forRoot({ ...emulatedOptions(wix, app), publicKey: app.publicKey })],
      controllers: [ShippingController, PaymentsController, ShippingRates],
    });
    const shippingDestination = { country: 'DE', postalCode: '10115' };
    for (const plugin of ['own-shipping', 'shipping']) {
      const rates = `${running.url}/plugins/${plugin}/v1/getRates`;
      expect(await wix.send.servicePlugin(install, rates, { shippingDestination })).toMatchObject({ status: 200 });
      expect(await wix.send.servicePlugin(install, rates, {})).toMatchObject({ status: 400 });
    }
    expect(await wix.send.withDigest(app, `${running.url}/payments/events`, '{}')).toMatchObject({ status: 201 });
    expect(await call(`${running.url}/payments/events`, undefined, { method: 'POST', body: '{}' })).toMatchObject({
      status: 401,
    });
  });

  it('installation', async () => {
    running = await startApp('express', {
      imports: [withInstallation(emulatedOptions(wix, app), 'https://app.example.com')],
      controllers: [AddToSiteController],
    });
    const { body } = await call(`${running.url}/add-to-site`);
    expect(body).toContain('https://app.example.com/wix/install?returnTo=%2Fwelcome');
  });
});
