import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { AxiosHeaders } from 'axios';
import { firstValueFrom, map } from 'rxjs';

import type { WixRequestConfig } from '../../../src/client/sending/wix-request-config.js';
import { codeOf, errorOf } from '../../support/code-of.js';
import { CallingApp, PRODUCTS, STORE } from './calling-app.js';
import { newProduct } from '../../support/new-product.js';

const BLOB = '/emulator/blob';
const MEGABYTE = 1_048_576;

describe('An answer of Wix', () => {
  let app: CallingApp;

  beforeEach(async () => {
    app = await CallingApp.start();
  });
  afterEach(() => app.stop());

  const get = (url: string, config?: WixRequestConfig) =>
    firstValueFrom(app.http.asInstance(app.instance).get(url, config));
  const failing = (config?: WixRequestConfig) => errorOf(() => get(PRODUCTS, config));

  it('has the form that axios gives it', async () => {
    app.install.site.addProduct({ name: 'Mug' });
    const response = await get(PRODUCTS);
    expect(response).toMatchObject({ status: 200, statusText: 'OK', data: { products: [{ name: 'Mug' }] } });
    expect(response.headers).toBeInstanceOf(AxiosHeaders);
    expect(response.config).toMatchObject({ method: 'get', url: PRODUCTS });
  });

  it('can be typed', async () => {
    const products = app.http
      .asInstance(app.instance)
      .get<{ products: readonly { name: string }[] }>(PRODUCTS)
      .pipe(map(({ data }) => data.products.length));
    const count: number = await firstValueFrom(products);
    expect(count).toBe(0);
  });

  describe('that is not a success', () => {
    it('is an error with the details of the envelope', async () => {
      const error = await errorOf(() => get(`${STORE}/7?fields=all`));
      expect(error).toMatchObject({
        name: 'WixApiError',
        code: 'WIX_API_ERROR',
        status: 404,
        applicationCode: 'PRODUCT_NOT_FOUND',
        description: 'Product 7 not found',
        fieldViolations: [],
        requestId: app.wix.requests.at(-1)?.requestId,
        retryable: false,
        retryAfterMs: undefined,
        method: 'GET',
        path: `${STORE}/7`,
      });
      expect(Reflect.get(error ?? {}, 'body')).toMatchObject({ message: 'Product 7 not found' });
    });

    it('names the fields that Wix objects to', async () => {
      const create = app.http.asInstance(app.instance).post(STORE, { product: newProduct('') });
      expect(await errorOf(() => firstValueFrom(create))).toMatchObject({
        status: 400,
        applicationCode: undefined,
        fieldViolations: [{ field: 'product.name', description: 'must not be empty', violatedRule: 'OTHER' }],
      });
    });

    it('names, for a 403, the permissions the method is known to need', async () => {
      app.install.setGrants([]);
      const error = await failing();
      expect(error).toMatchObject({ status: 403, permissionHint: { permissionIds: expect.any(Array) } });
      expect(error?.message).toContain(
        `It is known to need WIX_STORES.PRODUCT_MERCHANT_DATA_READ or WIX_STORES.PRODUCT_READ`,
      );
    });

    it('names no permissions for an unknown method or another status', async () => {
      app.wix.fail(PRODUCTS, { status: 404 });
      app.wix.fail('/emulator/echo', { status: 403 });
      expect(await failing()).toMatchObject({ status: 404, permissionHint: undefined });
      const unknown = await errorOf(() => get('/emulator/echo'));
      expect(unknown).toMatchObject({ status: 403, permissionHint: undefined });
      expect(unknown?.message).not.toContain('known to need');
    });

    it('is read from the OAuth envelope', async () => {
      app.wix.fail(PRODUCTS, { status: 400, body: { error: 'invalid_request', error_description: 'No such thing' } });
      expect(await failing()).toMatchObject({ applicationCode: 'invalid_request', description: 'No such thing' });
    });

    it('is described by its message where there are no details', async () => {
      app.wix.fail(PRODUCTS, { status: 400, body: { message: 'No such thing', details: {} } });
      expect(await failing()).toMatchObject({ applicationCode: undefined, description: 'No such thing' });
    });

    it.each([
      ['a page', { html: true }, 403],
      ['nothing', { empty: true }, 403],
      ['half of something', { malformed: true, status: 500 }, 500],
      ['a text', { status: 400, body: 'no' }, 400],
      ['a list', { status: 400, body: [1] }, 400],
      [
        'other types than it should have',
        { status: 400, body: { message: 7, details: { applicationError: [] } } },
        400,
      ],
    ])('shows no more than its status when it is %s', async (_what, fault, status) => {
      app.wix.fail(PRODUCTS, fault);
      const error = await failing();
      expect(error).toMatchObject({ status, applicationCode: undefined, description: undefined, fieldViolations: [] });
      expect(error?.message).toContain(`GET ${PRODUCTS} with ${String(status)} (request `);
      expect(error?.message).not.toContain('<');
    });

    it.each([
      [428, false],
      [409, false],
      [500, true],
      [501, false],
      [504, true],
    ])('says whether a retry can help (%i: %s)', async (status, retryable) => {
      app.wix.fail(PRODUCTS, { status });
      expect(await failing({ retry: 'never' })).toMatchObject({ status, retryable });
    });

    it('carries the code of a failed precondition', async () => {
      app.install.site.installedWixApps = [];
      expect(await failing()).toMatchObject({ status: 428, applicationCode: 'REQUIRED_APP_NOT_INSTALLED' });
    });

    it.each(['arraybuffer', 'stream', 'text', 'json'] as const)('is readable when a %s was requested', async (type) => {
      const error = await errorOf(() => get(`${STORE}/7`, { responseType: type }));
      expect(error).toMatchObject({ status: 404, applicationCode: 'PRODUCT_NOT_FOUND' });
    });

    it('is bounded when it is a stream', async () => {
      app.wix.fail(BLOB, { status: 400, body: 'x'.repeat(MEGABYTE) });
      const error = await errorOf(() => get(BLOB, { responseType: 'stream' }));
      expect(error).toMatchObject({ status: 400 });
      expect(String(Reflect.get(error ?? {}, 'body')).length).toBeLessThan(MEGABYTE / 4);
    });

    it('is returned to a caller who accepts its status', async () => {
      expect(await get(`${STORE}/7`, { validateStatus: (status) => status === 404 })).toMatchObject({
        status: 404,
        data: { message: 'Product 7 not found' },
      });
    });

    it('is an error if the caller accepts no such status', async () => {
      expect(await failing({ validateStatus: () => false })).toMatchObject({ code: 'WIX_API_ERROR', status: 200 });
    });
  });

  describe('that is large', () => {
    it('is refused beyond 20 MB, and says how to get it', async () => {
      const error = await errorOf(() => get(BLOB, { params: { bytes: 50 * MEGABYTE } }));
      expect(error).toMatchObject({ code: 'WIX_MISCONFIGURED' });
      expect(error?.message).toContain('maxContentLength');
    });

    it('is refused however long it claims to be', async () => {
      const unannounced = { params: { bytes: 50 * MEGABYTE, chunked: true } };
      expect(await codeOf(() => get(BLOB, unannounced))).toBe('WIX_MISCONFIGURED');
    });

    it('is not requested again', async () => {
      await errorOf(() => get(BLOB, { params: { bytes: 50 * MEGABYTE } }));
      expect(app.wix.count(BLOB)).toBe(1);
    });

    it('is accepted by a limit of its own', async () => {
      const config = { params: { bytes: 21 * MEGABYTE }, responseType: 'arraybuffer' } as const;
      const { data } = await get(BLOB, { ...config, maxContentLength: 22 * MEGABYTE });
      expect((data as Buffer).length).toBe(21 * MEGABYTE);
      expect(await get(BLOB, { ...config, maxContentLength: -1 })).toMatchObject({ status: 200 });
      expect(await codeOf(() => get(BLOB, { params: { bytes: 11 }, maxContentLength: 10 }))).toBe('WIX_MISCONFIGURED');
    });
  });

  describe('as a stream', () => {
    const stream = async (config?: WixRequestConfig) => {
      const { data } = await get(BLOB, { responseType: 'stream', ...config });
      if (data instanceof Readable) return data;
      throw new Error('This is no stream.');
    };

    it('arrives complete', async () => {
      expect((await text(await stream({ params: { bytes: 300_000 } }))).length).toBe(300_000);
    });

    it('leaves the connection usable', async () => {
      for (let round = 0; round < 3; round += 1) await text(await stream());
      expect(await get(PRODUCTS)).toMatchObject({ status: 200 });
    });

    it('ends with an error at the limit', async () => {
      const data = await stream({ params: { bytes: 100_000 }, maxContentLength: 50_000 });
      expect(await codeOf(() => text(data))).toBe('WIX_MISCONFIGURED');
    });

    it('ends with an error when it is cut off', async () => {
      app.wix.fail(BLOB, { resetMidBody: true });
      const data = await stream({ params: { bytes: 300_000 } });
      expect(await codeOf(() => text(data))).toBe('WIX_UNAVAILABLE');
    });

    it('closes the connection when it is destroyed', async () => {
      const data = await stream({ params: { bytes: 50 * MEGABYTE } });
      data.destroy();
      const request = app.wix.requests.at(-1);
      await request?.settled;
      expect(request).toMatchObject({ aborted: true });
    });

    it('is aborted by the signal of the call', async () => {
      const abortion = new AbortController();
      const data = await stream({ params: { bytes: 50 * MEGABYTE }, signal: abortion.signal });
      abortion.abort();
      await expect(text(data)).rejects.toMatchObject({ name: 'AbortError' });
      await app.wix.requests.at(-1)?.settled;
      expect(app.wix.requests.at(-1)).toMatchObject({ aborted: true });
    });
  });
});
