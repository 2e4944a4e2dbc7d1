import { Body, Controller, Get, Injectable, Module, Param, Post } from '@nestjs/common';
import { productsV3 } from '@wix/stores';
import {
  OnWixEvent,
  ReportScopes,
  WixHttpService,
  WixIdentity,
  WixInstanceAuth,
  WixServicePlugin,
  WixServicePluginMetadata,
  WixTokenService,
  WixUserAuth,
  trustedInstanceId,
  type AnyWixIdentity,
  type WixEvent,
  type WixServicePluginContext,
  type WixUserIdentity,
} from 'nestjs-wix-auth';
import { WixSdkClientFactory } from 'nestjs-wix-auth/sdk';
import {
  leastPrivilege,
  WixAuthTestingModule,
  WixEmulator,
  type EmulatedApp,
  type LeastPrivilege,
  type LeastPrivilegeReport,
} from 'nestjs-wix-auth/testing';
import { firstValueFrom } from 'rxjs';

import { MANAGE_PRODUCTS, READ_ORDERS, READ_PRODUCTS, siteWith } from '../support/emulated-site.js';
import { call, platforms, startApp, type RunningApp } from '../support/running-app.js';

const CONTACTS = 'SCOPE.DC-CONTACTS.READ-CONTACTS';
const READ = '/stores/v3/products/query';
const everyone = ['app', 'user', 'member', 'visitor'] as const;

/** Where Wix is, for what calls it by itself. */
class Urls {
  wix = '';
}

@Controller('products')
class Products {
  constructor(
    private readonly http: WixHttpService,
    private readonly sdk: WixSdkClientFactory,
    private readonly tokens: WixTokenService,
    private readonly urls: Urls,
  ) {}

  @Get()
  @WixInstanceAuth({ allow: everyone, scopes: [READ_PRODUCTS] })
  async list(@WixIdentity() caller: AnyWixIdentity) {
    return (await firstValueFrom(this.http.asInstance(caller).post(READ, {}))).data as object;
  }

  @Get('names')
  @WixInstanceAuth({ allow: everyone })
  async names(@WixIdentity() caller: AnyWixIdentity) {
    const client = await this.sdk.asInstance(caller, { productsV3 });
    return (await client.productsV3.queryProducts().ascending('slug').find()).items;
  }

  @Get(':id')
  @WixUserAuth({ scopes: [READ_PRODUCTS, READ_ORDERS] })
  async one(@Param('id') id: string, @WixIdentity() user: WixUserIdentity) {
    await firstValueFrom(this.http.onBehalfOf(user).get(`/stores/v3/products/${id}`, { validateStatus: () => true }));
    return {};
  }

  /** Sends by itself what the module only gave it a token for. */
  @Post('raw')
  @WixUserAuth({ anyScope: [CONTACTS, MANAGE_PRODUCTS] })
  @ReportScopes(READ_ORDERS)
  async raw(@WixIdentity() user: WixUserIdentity, @Body() body: object) {
    const token = await this.tokens.onBehalfOf(user);
    await fetch(`${this.urls.wix}/stores/v3/products?a=b`, {
      method: 'POST',
      headers: { authorization: token.value, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return {};
  }

  @Get('unknown/endpoint')
  @WixUserAuth({ scopes: [READ_PRODUCTS] })
  async unknown(@WixIdentity() user: WixUserIdentity) {
    await firstValueFrom(this.http.asInstance(user).get('/new/v1/things/17', { validateStatus: () => true }));
    return {};
  }

  @Get('closed')
  @WixUserAuth({ scopes: [CONTACTS] })
  closed() {
    return {};
  }

  @Post('plugin')
  @WixServicePlugin()
  async plugin(@WixServicePluginMetadata() { instanceId }: WixServicePluginContext) {
    await firstValueFrom(this.http.asInstance(trustedInstanceId(instanceId)).post(READ, {}));
    return {};
  }
}

@Injectable()
class Events {
  constructor(private readonly http: WixHttpService) {}

  @OnWixEvent('wix.contacts.v4.contact_created')
  async created(event: WixEvent<'wix.contacts.v4.contact_created'>) {
    await firstValueFrom(this.http.asInstance(event).get('/contacts/v4/contacts/7', { validateStatus: () => true }));
  }
}

describe.each(platforms)('leastPrivilege on %s', (platform) => {
  let wix: WixEmulator;
  let wixApp: EmulatedApp;
  let running: RunningApp;
  let privilege: LeastPrivilege;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    wixApp = wix.addApp();
  });
  afterAll(() => wix.stop());
  afterEach(async () => {
    privilege.stop();
    await running.close();
  });

  async function start(): Promise<void> {
    running = await startApp(platform, {
      imports: [WixAuthTestingModule.forApp(wix, wixApp, { webhooks: {} })],
      controllers: [Products],
      providers: [Events, { provide: Urls, useValue: { wix: wix.url } }],
    });
    privilege = leastPrivilege(wix);
  }

  const allScopes = [READ_PRODUCTS, MANAGE_PRODUCTS, READ_ORDERS, CONTACTS];
  const useOf = ({ routes }: LeastPrivilegeReport, name: string) => routes.find((route) => route.name === name);
  const messagesOf = (report: LeastPrivilegeReport, name: string) =>
    useOf(report, name)?.findings.map(({ message }) => message);

  it("reports the calls of each route, with the caller's kind, however they were sent", async () => {
    await start();
    const site = siteWith(wix, wixApp, ...allScopes);
    const [visitor, owner] = [site.visitorToken(), site.ownerToken()];
    await Promise.all([
      ...Array.from({ length: 12 }, () => call(`${running.url}/products?x=1`, visitor)),
      ...Array.from({ length: 9 }, () => call(`${running.url}/products/names`, owner)),
      ...Array.from({ length: 5 }, (_, id) => call(`${running.url}/products/${String(id)}`, owner)),
      call(`${running.url}/products/raw`, owner, json({})),
      call(`${running.url}/products/unknown/endpoint`, owner),
      call(`${running.url}/products/closed`, visitor),
    ]);
    const report = await privilege.report(running.app);
    const called = Object.fromEntries(
      report.routes.map(({ name, called: times, endpoints }) => [
        name,
        [times, ...endpoints.map((one) => `${one.name ?? '?'} ${one.endpoint} ${one.as} ${String(one.times)}`)],
      ]),
    );
    expect(called).toEqual({
      'GET /products': [12, 'Query Products POST /stores/v3/products/query app 12'],
      'GET /products/names': [9, 'Query Products GET /stores/v3/products/query app 9'],
      'GET /products/:id': [5, 'Get Product GET /stores/v3/products/:productId user 5'],
      'POST /products/raw': [1, 'Create Product POST /stores/v3/products user 1'],
      'GET /products/unknown/endpoint': [1, '? GET /new/v1/things/:id app 1'],
      'GET /products/closed': [0],
      'POST /products/plugin': [0],
      'POST /wix/webhooks': [0],
      'event wix.contacts.v4.contact_created': [0],
    });
    expect(report.elsewhere).toEqual([]);
  });

  it('finds calls that are not declared, and declared scopes that are never used', async () => {
    await start();
    const site = siteWith(wix, wixApp, ...allScopes);
    const owner = site.ownerToken();
    for (const path of ['', '/names', '/3', '/3', '/unknown/endpoint'])
      await call(`${running.url}/products${path}`, owner);
    await call(`${running.url}/products/raw`, owner, json({}));
    const report = await privilege.report(running.app);
    expect(messagesOf(report, 'GET /products')).toEqual([]);
    expect(messagesOf(report, 'GET /products/names')).toEqual([
      expect.stringMatching(
        /^GET \/products\/names calls Query Products, GET \/stores\/v3\/products\/query \(needs .*WIX_STORES\.PRODUCT_READ .*→ any of SCOPE\..* and \d+ more\), and declares nothing\.$/,
      ),
    ]);
    expect(messagesOf(report, 'GET /products/:id')).toEqual([
      `GET /products/:id declares ${READ_ORDERS}, never needed in 2 calls.`,
    ]);
    expect(messagesOf(report, 'POST /products/raw')).toEqual([
      `POST /products/raw declares ${READ_ORDERS}, never needed in 1 call.`,
    ]);
    // What a new endpoint needs is not known: nothing is said of the scope.
    expect(messagesOf(report, 'GET /products/unknown/endpoint')).toEqual([]);
    expect(messagesOf(report, 'GET /products/closed')).toEqual([]);

    expect(() => report.assert()).toThrow(
      /^Routes declare other .*\n- GET \/products\/names calls .*\n- GET \/products\/:id /,
    );
    expect(() => report.assert({ except: ({ kind }) => kind === 'unneeded' })).toThrow(/names calls[^\n]*$/);
    report.assert({ except: ({ route, scopes }) => route.endsWith('names') || scopes.includes(READ_ORDERS) });
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({
      routes: expect.arrayContaining([
        expect.objectContaining({
          name: 'GET /products/:id',
          callers: ['user'],
          declares: [[READ_PRODUCTS], [READ_ORDERS]],
        }),
      ]) as unknown,
      elsewhere: [],
    });
    expect(String(report)).toContain(`
GET /products/:id (Products.one)
  takes: user; declares: ${READ_PRODUCTS}, ${READ_ORDERS}
  called: 2 times
  → Get Product, GET /stores/v3/products/:productId, on behalf of a user, 2 times: needs WIX_STORES.PRODUCT_`);
    expect(String(report)).toContain(`\n  ! GET /products/:id declares ${READ_ORDERS}, never needed in 2 calls.\n`);
  });

  it('reports the calls of event handlers and service plugins, and calls without a request', async () => {
    await start();
    const site = siteWith(wix, wixApp, ...allScopes);
    const { install } = site;
    const event = { type: 'wix.contacts.v4.contact_created', entityId: '7' };
    await wix.send.webhook(install, `${running.url}/wix/webhooks`, event).delivered;
    await wix.send.servicePlugin(install, `${running.url}/products/plugin`, {});
    const http = running.app.get(WixHttpService, { strict: false });
    const instance = trustedInstanceId(install.instanceId);
    await firstValueFrom(http.asInstance(instance).get('/contacts/v4/contacts/7', { validateStatus: () => true }));
    const report = await privilege.report(running.app);
    const contacts = { endpoint: 'GET /contacts/v4/contacts/:id', name: 'Get Contact', as: 'app', times: 1 };
    expect(useOf(report, 'event wix.contacts.v4.contact_created')).toMatchObject({
      callers: ['signed'],
      called: 1,
      endpoints: [contacts],
      findings: [],
    });
    expect(useOf(report, 'POST /products/plugin')).toMatchObject({
      called: 1,
      endpoints: [{ name: 'Query Products' }],
    });
    expect(useOf(report, 'POST /wix/webhooks')).toMatchObject({ called: 1, endpoints: [] });
    expect(report.elsewhere).toMatchObject([contacts]);
    expect(String(report)).toContain('\n\nIn the course of no request and no event\n  → Get Contact, ');
  });

  it('finds scopes that event handlers need and no route declares', async () => {
    @Module({
      imports: [WixAuthTestingModule.forApp(wix, wixApp, { webhooks: {} })],
      providers: [Events],
    })
    class EventsAlone {}
    running = await startApp(platform, { imports: [EventsAlone] });
    privilege = leastPrivilege(wix);
    const { install } = siteWith(wix, wixApp, CONTACTS);
    const event = { type: 'wix.contacts.v4.contact_created', entityId: '7' };
    await wix.send.webhook(install, `${running.url}/wix/webhooks`, event).delivered;
    const report = await privilege.report(running.app);
    expect(report.findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^event wix\.contacts\.v4\.contact_created calls Get Contact, .* \(needs CONTACTS\.VIEW → any of .*\), and no route declares it\.$/,
      ),
    ]);
  });

  it('records nothing after it is stopped', async () => {
    await start();
    const visitor = siteWith(wix, wixApp, ...allScopes).visitorToken();
    await call(`${running.url}/products`, visitor);
    privilege[Symbol.dispose]();
    await call(`${running.url}/products`, visitor);
    expect(useOf(await privilege.report(running.app), 'GET /products')).toMatchObject({ called: 1 });
  });
});

const json = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
