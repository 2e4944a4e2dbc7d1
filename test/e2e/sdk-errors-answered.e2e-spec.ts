import { inspect } from 'node:util';

import { Controller, Get, type Type } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { createClient } from '@wix/sdk';
import { productsV3 } from '@wix/stores';
import {
  WixApiExceptionFilter,
  wixApiErrorOf,
  WixHttpService,
  WixIdentity,
  WixInstanceAuth,
  WixTokenService,
  type AnyWixIdentity,
} from 'nestjs-wix-auth';
import { WixSdkClientFactory, wixInstanceAuth } from 'nestjs-wix-auth/sdk';
import { WixAuthTestingModule, WixEmulator, type EmulatedApp, type EmulatorFault } from 'nestjs-wix-auth/testing';
import { firstValueFrom } from 'rxjs';

import { errorOf } from '../support/code-of.js';
import { MANAGE_PRODUCTS, READ_PRODUCTS, siteWith } from '../support/emulated-site.js';
import { newProduct } from '../support/new-product.js';
import { call, platforms, startApp, type RunningApp } from '../support/running-app.js';

const PRODUCTS = '/stores/v3/products';
const GRAPHQL = '/graphql/alpha';
const mug = (): productsV3.V3Product => ({
  name: 'Mug',
  productType: 'PHYSICAL',
  physicalProperties: {},
  variantsInfo: { variants: [{ price: { actualPrice: { amount: '5' } }, physicalProperties: {} }] },
});

/** The same call in every way there is. A POST, which is sent once only. */
const storeControllerAt = (apiUrl: () => string): Type<unknown> => {
  @Controller()
  @WixInstanceAuth({ allow: ['user'] })
  class StoreController {
    constructor(
      private readonly sdk: WixSdkClientFactory,
      private readonly http: WixHttpService,
      private readonly tokens: WixTokenService,
    ) {}

    @Get('http')
    overHttp(@WixIdentity() caller: AnyWixIdentity): Promise<unknown> {
      return firstValueFrom(this.http.asInstance(caller).post(PRODUCTS, { product: newProduct('Mug') }));
    }

    @Get('sdk')
    async bySdk(@WixIdentity() caller: AnyWixIdentity): Promise<unknown> {
      return (await this.sdk.asInstance(caller, { productsV3 })).productsV3.createProduct(mug());
    }

    /** A client that this module did not make, and whose requests it does not send. */
    @Get('foreign')
    byForeignClient(@WixIdentity() caller: AnyWixIdentity): Promise<unknown> {
      const client = createClient({
        modules: { productsV3 },
        auth: wixInstanceAuth(this.tokens, caller),
        fetch: (url, init) => fetch((url as string).replace('https://www.wixapis.com', apiUrl()), init),
      });
      return client.productsV3.createProduct(mug());
    }

    @Get('graphql')
    async byGraphql(@WixIdentity() caller: AnyWixIdentity): Promise<unknown> {
      return (await this.sdk.asInstance(caller)).graphql('{ thing }');
    }

    @Get('of-another')
    ofAnother(): never {
      throw Object.assign(new Error('Not of Wix'), {
        response: { status: 404, data: { message: 'No', details: {} }, headers: {}, config: {} },
        requestId: 'x',
      });
    }
  }
  return StoreController;
};

describe.each(platforms)('Errors that Wix returns to modules of its SDK, on %s', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
    running = await startApp(platform, {
      imports: [WixAuthTestingModule.forApp(wix, app)],
      controllers: [storeControllerAt(() => wix.url)],
      providers: [{ provide: APP_FILTER, useClass: WixApiExceptionFilter }],
    });
  });
  afterEach(() => wix.clearFaults());
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  const get = (route: string, token: string) => call(`${running.url}/${route}`, token);

  /** What an answer says, but for the id of the request, of which there is one each. */
  const seen = async (route: string, token: string) => {
    const { status, headers, body } = await get(route, token);
    const { requestId, ...said } = body as { readonly requestId?: string };
    expect(requestId).toEqual(expect.stringMatching(/^[\w.:-]+$/));
    return { status, retryAfter: headers.get('retry-after'), said };
  };

  const applicationError = (code: string) => ({
    message: 'No',
    details: { applicationError: { code, description: 'No way' } },
  });
  const fieldViolations = [{ field: 'product.name', description: 'is too long', violatedRule: 'MAX_LENGTH' }];

  const faults: [string, EmulatorFault, number][] = [
    [
      '400 with fields',
      { status: 400, body: { message: 'Bad', details: { validationError: { fieldViolations } } } },
      400,
    ],
    ['400 with a code', { status: 400, body: applicationError('INVALID_THING') }, 400],
    ['401', { status: 401 }, 502],
    ['403', { status: 403, body: { message: 'Forbidden', details: {} } }, 403],
    ['403 as a page', { status: 403, html: true }, 403],
    ['403 without a body', { status: 403, empty: true }, 403],
    ['404', { status: 404, body: applicationError('PRODUCT_NOT_FOUND') }, 404],
    ['409', { status: 409, body: applicationError('STALE_REVISION') }, 409],
    ['428', { status: 428, body: applicationError('CATALOG_V1_CALLING_CATALOG_V3_API') }, 424],
    ['429', { status: 429 }, 503],
    ['500', { status: 500 }, 502],
    ['502 as a page', { status: 502, html: true }, 502],
    ['503', { status: 503, body: 'upstream connect error' }, 503],
    ['504 as a page', { status: 504, html: true }, 503],
    ['a redirect', { status: 307, headers: { location: 'https://example.com/' } }, 502],
  ];

  describe.each(faults)('%s', (_what, fault, status) => {
    it('is answered as it is without the SDK', async () => {
      const token = siteWith(wix, app, MANAGE_PRODUCTS).ownerToken();
      wix.fail(PRODUCTS, fault);
      const overHttp = await seen('http', token);
      expect(overHttp.status).toBe(status);
      expect(await seen('sdk', token)).toEqual(overHttp);
      if (fault.status !== 307) expect(await seen('foreign', token)).toEqual(overHttp);
    });

    it('is answered with the same status in GraphQL', async () => {
      const token = siteWith(wix, app, MANAGE_PRODUCTS).ownerToken();
      wix.fail(GRAPHQL, fault);
      expect((await seen('graphql', token)).status).toBe(status);
    });
  });

  it.each([
    ['JSON', { status: 429 }],
    ['a page', { status: 503, html: true }],
  ])('says when to retry, with %s', async (_what, fault) => {
    const token = siteWith(wix, app, MANAGE_PRODUCTS).ownerToken();
    for (const path of [PRODUCTS, GRAPHQL]) wix.fail(path, { ...fault, headers: { 'retry-after': '7' } });
    for (const route of ['http', 'sdk', 'graphql']) {
      expect({ route, ...(await seen(route, token)) }).toMatchObject({ route, status: 503, retryAfter: '7' });
    }
  });

  it.each<[string, EmulatorFault]>([
    ['is cut off', { reset: true }],
    ['breaks off in the middle', { resetMidBody: true }],
  ])('is 503 when the connection %s', async (_what, fault) => {
    const token = siteWith(wix, app, MANAGE_PRODUCTS).ownerToken();
    await get('sdk', token);
    wix.fail(PRODUCTS, fault);
    for (const route of ['http', 'sdk', 'foreign']) {
      const { status, body } = await get(route, token);
      expect({ route, status, body }).toMatchObject({ route, status: 503, body: { code: 'WIX_UNAVAILABLE' } });
    }
  });

  it('leaves other errors unchanged', async () => {
    const { status, body } = await get('of-another', siteWith(wix, app).ownerToken());
    expect({ status, body }).toEqual({ status: 500, body: { statusCode: 500, message: 'Internal server error' } });
  });
});

describe('wixApiErrorOf', () => {
  let wix: WixEmulator;
  let running: RunningApp;
  let sdk: WixSdkClientFactory;
  let caller: AnyWixIdentity;
  let token: string;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    const app = wix.addApp();

    @Controller()
    class IdentityController {
      @Get('who')
      @WixInstanceAuth({ allow: ['user'] })
      who(@WixIdentity() identity: AnyWixIdentity) {
        caller = identity;
        return {};
      }
    }
    running = await startApp('express', {
      imports: [WixAuthTestingModule.forApp(wix, app)],
      controllers: [IdentityController],
    });
    sdk = running.app.get(WixSdkClientFactory);
    await call(`${running.url}/who`, siteWith(wix, app, READ_PRODUCTS).ownerToken());
    token = (await running.app.get(WixTokenService).accessTokenFor(caller)).value;
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  /** What an error says, but for the id of the request. */
  const plain = (error: object | undefined) => ({ ...error, requestId: undefined });
  const refused = () =>
    errorOf(async () => (await sdk.asInstance(caller, { productsV3 })).productsV3.createProduct(mug()));

  it('reads the error of a module as WixHttpService throws it, with the missing permissions', async () => {
    const error = wixApiErrorOf(await refused());
    const overHttp = await errorOf(() =>
      firstValueFrom(
        running.app
          .get(WixHttpService)
          .asInstance(caller)
          .post(PRODUCTS, { product: newProduct('Mug') }),
      ),
    );
    expect(error?.message).toContain('It is known to need WIX_STORES.PRODUCT_CREATE');
    expect(plain(error)).toEqual(plain(overHttp));
    expect(plain(error)).toMatchObject({
      code: 'WIX_API_ERROR',
      status: 403,
      method: 'POST',
      path: PRODUCTS,
      permissionHint: { permissionIds: ['WIX_STORES.PRODUCT_CREATE'] },
    });
  });

  it('leaves that error unchanged', async () => {
    expect(await refused()).toMatchObject({ status: 403, details: { applicationError: expect.anything() } });
  });

  it('contains no token in either', async () => {
    const error = await refused();
    for (const each of [error, wixApiErrorOf(error)]) {
      expect(inspect(each, { depth: 50, showHidden: true })).not.toContain(token);
      expect(JSON.stringify(each)).not.toContain(token);
    }
  });

  it('returns undefined for other errors', () => {
    for (const other of [undefined, null, 'text', 7, new Error('x'), { response: {} }, new TypeError('fetch failed')]) {
      expect(wixApiErrorOf(other)).toBeUndefined();
    }
  });
});
