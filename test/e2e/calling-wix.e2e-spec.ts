import type { Readable } from 'node:stream';

import { Body, Controller, Get, Post, StreamableFile } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import {
  trustedInstanceId,
  WixApiExceptionFilter,
  WixAuthExceptionFilter,
  WixClock,
  WixHttpService,
  WixIdentity,
  WixInstanceAuth,
  WixUserAuth,
  type AnyWixIdentity,
  type WixUserIdentity,
} from 'nestjs-wix-auth';
import { WixSdkClientFactory } from 'nestjs-wix-auth/sdk';
import { WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';
import { firstValueFrom, map, type Observable } from 'rxjs';

import { MANAGE_CONTRIBUTORS, MANAGE_PRODUCTS, READ_PRODUCTS, siteWith, TOKEN } from '../support/emulated-site.js';
import { newProduct } from '../support/new-product.js';
import { FakeClock } from '../support/fake-clock.js';
import { call, platforms, startApp, type RunningApp } from '../support/running-app.js';

const STORE = '/stores/v3/products';
const PRODUCTS = `${STORE}/query`;
const HOUR_MS = 3_600_000;

@Controller()
class CallingController {
  constructor(
    private readonly wix: WixHttpService,
    private readonly sdk: WixSdkClientFactory,
  ) {}

  @Get('products')
  @WixInstanceAuth({ allow: ['user', 'visitor', 'member'], scopes: [READ_PRODUCTS] })
  list(@WixIdentity() caller: AnyWixIdentity): Observable<unknown> {
    return this.wix
      .asInstance(caller)
      .get(PRODUCTS)
      .pipe(map(({ data }) => data));
  }

  @Get('exported')
  @WixInstanceAuth({ allow: ['user'] })
  async export(@WixIdentity() caller: AnyWixIdentity): Promise<StreamableFile> {
    const { data } = await this.wix.asInstance(caller).axiosRef.get<Readable>(PRODUCTS, { responseType: 'stream' });
    return new StreamableFile(data);
  }

  @Get('as-caller')
  @WixInstanceAuth({ allow: ['user', 'visitor'] })
  listAsCaller(@WixIdentity() caller: AnyWixIdentity): Observable<unknown> {
    return this.wix
      .onBehalfOf(caller)
      .get(PRODUCTS)
      .pipe(map(({ data }) => data));
  }

  @Get('by-sdk')
  @WixInstanceAuth({ allow: ['user', 'visitor', 'member'], scopes: [READ_PRODUCTS] })
  async listBySdk(@WixIdentity() caller: AnyWixIdentity): Promise<unknown> {
    const client = await this.sdk.asInstance(caller);
    const response = await client.fetchWithAuth(`https://www.wixapis.com${PRODUCTS}`);
    return response.json();
  }

  @Post('products')
  @WixUserAuth({ scopes: [MANAGE_PRODUCTS] })
  create(@WixIdentity() user: WixUserIdentity, @Body() product: object): Observable<unknown> {
    return this.wix
      .onBehalfOf(user)
      .post(STORE, { product })
      .pipe(map(({ data }) => data));
  }

  @Post('products/unguarded')
  @WixUserAuth()
  createUnguarded(@WixIdentity() user: WixUserIdentity, @Body() product: object): Observable<unknown> {
    return this.create(user, product);
  }
}

describe.each(platforms)('Calling Wix from a handler on %s', (platform) => {
  let wix: WixEmulator;
  let clock: FakeClock;
  let app: EmulatedApp;
  let running: RunningApp;

  beforeEach(async () => {
    clock = new FakeClock();
    wix = await WixEmulator.start({ now: () => clock.nowMs() });
    app = wix.addApp();
    running = await startApp(platform, {
      imports: [
        WixAuthTestingModule.forApp(wix, app, {
          grants: { userRoles: { manager: [MANAGE_PRODUCTS] } },
          providers: [{ provide: WixClock, useValue: clock }],
        }),
      ],
      controllers: [CallingController],
      providers: [
        { provide: APP_FILTER, useClass: WixApiExceptionFilter },
        { provide: APP_FILTER, useClass: WixAuthExceptionFilter },
      ],
    });
  });
  afterEach(async () => {
    await running.close();
    await wix.stop();
  });

  const store = () => siteWith(wix, app, READ_PRODUCTS, MANAGE_PRODUCTS, MANAGE_CONTRIBUTORS);
  const get = (path: string, token?: string) => call(`${running.url}/${path}`, token);
  const create = (token: string, path = 'products') =>
    call(`${running.url}/${path}`, token, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(newProduct('Mug')),
    });

  it('creates a product on behalf of the owner', async () => {
    const { site, ownerToken } = store();
    expect(await create(ownerToken())).toMatchObject({ status: 201, body: { product: { name: 'Mug' } } });
    expect(site.products).toMatchObject([{ name: 'Mug' }]);
  });

  it('is refused by the guard for a collaborator who lacks the permission', async () => {
    const { site, userToken } = store();
    expect(await create(userToken())).toMatchObject({
      status: 403,
      body: { code: 'WIX_SCOPE_MISSING', missingScopes: [MANAGE_PRODUCTS], lackedBy: ['user'] },
    });
    expect(wix.count(STORE)).toBe(0);
    expect(site.products).toHaveLength(0);
  });

  it('is refused by Wix for the same collaborator where the guard is missing', async () => {
    const { site, userToken } = store();
    expect(await create(userToken(), 'products/unguarded')).toMatchObject({
      status: 403,
      body: {
        code: 'WIX_API_ERROR',
        applicationCode: 'UNAUTHORIZED_OPERATION',
        requestId: wix.requests.at(-1)?.requestId,
      },
    });
    expect(wix.count(STORE)).toBe(1);
    expect(site.products).toHaveLength(0);
  });

  it('lists products for a visitor, as the app', async () => {
    const { site, visitorToken } = store();
    site.addProduct({ name: 'Mug' });
    expect(await get('products', visitorToken())).toMatchObject({ status: 200, body: { products: [{ name: 'Mug' }] } });
    expect(await get('as-caller', visitorToken())).toMatchObject({ status: 403, body: { code: 'WIX_API_ERROR' } });
  });

  it('streams a response through', async () => {
    const { site, ownerToken } = store();
    site.addProduct({ name: 'Mug' });
    const { status, body } = await get('exported', ownerToken());
    expect(status).toBe(200);
    expect(JSON.stringify(body)).toContain('Mug');
  });

  it('mints one token per installation, for all callers', async () => {
    const [one, other] = [store(), store()];
    const callers = [one, one, one, other, other].flatMap(({ ownerToken, visitorToken }) => [ownerToken, visitorToken]);
    const answers = await Promise.all(callers.map((token) => get('products', token())));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(wix.count(TOKEN, { grantType: 'client_credentials' })).toBe(2);
  });

  it('gets a new token when Wix refuses the cached one', async () => {
    const { ownerToken } = store();
    await get('products', ownerToken());
    wix.revoke(String(wix.requests.findLast(({ path }) => path === PRODUCTS)?.headers['authorization']));
    expect(await get('products', ownerToken())).toMatchObject({ status: 200 });
    expect(wix.count(TOKEN, { grantType: 'client_credentials' })).toBe(2);
  });

  it("mints one token for a hundred calls of Wix's SDK, and one more when it is revoked", async () => {
    const { site, visitorToken } = store();
    site.addProduct({ name: 'Mug' });
    const visitor = visitorToken();
    const listed = { status: 200, body: { products: [{ name: 'Mug' }] } };
    const calls = () => Promise.all(Array.from({ length: 100 }, () => get('by-sdk', visitor)));

    for (const answer of await calls()) expect(answer).toMatchObject(listed);
    expect(wix.count(TOKEN, { grantType: 'client_credentials' })).toBe(1);
    wix.revoke(String(wix.requests.findLast(({ path }) => path === PRODUCTS)?.headers['authorization']));
    for (const answer of await calls()) expect(answer).toMatchObject(listed);
    expect(wix.count(TOKEN, { grantType: 'client_credentials' })).toBe(2);
  });

  it('cannot act for a caller who came with a signed instance', async () => {
    const { install, site } = store();
    const signed = wix.mint.signedInstance(install, { user: site.owner });
    expect(await get('products', signed)).toMatchObject({ status: 200 });
    expect(await get('as-caller', signed)).toMatchObject({ status: 403, body: { code: 'WIX_ON_BEHALF_UNAVAILABLE' } });
  });

  it('tells the caller when to retry when Wix throttles the app', async () => {
    const { ownerToken } = store();
    wix.fail(PRODUCTS, { status: 429, headers: { 'retry-after': '60' } });
    const { status, headers } = await get('products', ownerToken());
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('60');
  });

  it('tells the caller that Wix cannot be reached', async () => {
    const { ownerToken } = store();
    wix.fail(STORE, { reset: true });
    expect(await create(ownerToken())).toMatchObject({ status: 503, body: { code: 'WIX_UNAVAILABLE' } });
  });

  it('works without a caller for an installation that the application vouches for', async () => {
    const { install } = store();
    const client = running.app.get(WixHttpService).asInstance(trustedInstanceId(install.instanceId));
    const nightly = () => firstValueFrom(client.get(PRODUCTS));
    expect(await nightly()).toMatchObject({ status: 200 });
    clock.advance(5 * HOUR_MS);
    expect(await nightly()).toMatchObject({ status: 200 });
    install.remove();
    await expect(nightly()).rejects.toMatchObject({ code: 'WIX_INSTANCE_UNKNOWN' });
  });
});
