import { createServer, type Server } from 'node:http';

import { createClient, type HttpClient } from '@wix/sdk';

import { trustedInstanceId } from '../../../src/core/identities/trusted-instance.js';
import { InstanceLimiter } from '../../../src/http/limits/instance-limiter.js';
import { loadSdk } from '../../../src/sdk/load-sdk.js';
import { wixIdentityAuth, wixInstanceAuth } from '../../../src/sdk/wix-sdk-auth.js';
import { WixSdkClientFactory } from '../../../src/sdk/wix-sdk-client.factory.js';
import { codeOf } from '../../support/code-of.js';
import { newProduct } from '../../support/new-product.js';
import { CallingApp, MINT, PRODUCTS, STORE } from '../client/calling-app.js';

const WIX = 'https://www.wixapis.com';
const ECHO = '/emulator/echo';

interface ProductList {
  readonly products: readonly { readonly name: string }[];
}

/** A module as those of `@wix/stores` are built. */
const products = {
  list: (http: HttpClient) => async () =>
    (await http.request<ProductList>(() => ({ method: 'GET', url: PRODUCTS }))).data,
  create: (http: HttpClient) => async (name: string) =>
    (
      await http.request<{ product: { id: string } }>(() => ({
        method: 'POST',
        url: STORE,
        data: { product: newProduct(name) },
      }))
    ).data,
};

describe('WixSdkClientFactory', () => {
  let app: CallingApp;
  let sdk: WixSdkClientFactory;

  const factory = (limiter = new InstanceLimiter()) => new WixSdkClientFactory({ ...app.parts, limiter }, app.settings);

  beforeEach(async () => {
    app = await CallingApp.start();
    sdk = factory();
    app.install.site.addProduct({ name: 'Mug' });
  });
  afterEach(() => app.stop());

  const revokeCurrent = async () => app.wix.revoke((await app.tokens.accessTokenFor(app.instance)).value);
  const echo = (init?: RequestInit) =>
    sdk.asInstance(app.instance).then((client) => client.fetchWithAuth(`${WIX}${ECHO}`, init));

  it('creates a client of the real SDK, with its modules', async () => {
    const client = await sdk.asInstance(app.instance, { products });
    const { products: found } = await client.products.list();
    expect(found).toMatchObject([{ name: 'Mug' }]);
    expect(await client.products.create('Cup')).toMatchObject({ product: { name: 'Cup' } });
  });

  it('mints one token for a hundred calls at once', async () => {
    const calls = Array.from({ length: 100 }, async () => {
      const client = await sdk.asInstance(app.instance, { products });
      return client.products.list();
    });
    expect(await Promise.all(calls)).toHaveLength(100);
    expect(app.wix.count(PRODUCTS)).toBe(100);
    expect(app.mints).toBe(1);
  });

  it('mints one more when the token is revoked, and fails no call', async () => {
    await echo();
    await revokeCurrent();
    const calls = Array.from({ length: 100 }, async () => {
      const client = await sdk.asInstance(app.instance, { products });
      return client.products.list();
    });
    for (const answer of await Promise.all(calls)) expect(answer.products).toHaveLength(1);
    expect(app.mints).toBe(2);
  });

  it('shares its tokens with the HTTP client', async () => {
    await app.tokens.accessTokenFor(app.instance);
    await echo();
    expect(app.mints).toBe(1);
  });

  it('calls on behalf of a user with what both may do', async () => {
    const owner = await sdk.onBehalfOf(app.verified(app.install.site.owner), { products });
    expect(await owner.products.create('Cup')).toMatchObject({ product: { name: 'Cup' } });
    const helper = await sdk.onBehalfOf(app.verified(app.install.site.addUser()), { products });
    await expect(helper.products.create('Cup')).rejects.toMatchObject({ response: { status: 403 } });
  });

  it('exchanges the token of a user again when Wix refuses the exchanged one', async () => {
    const owner = app.verified(app.install.site.owner);
    app.wix.revoke((await app.tokens.onBehalfOf(owner)).value);
    const client = await sdk.onBehalfOf(owner, { products });
    expect(await client.products.list()).toMatchObject({ products: [{ name: 'Mug' }] });
    expect(app.wix.count(MINT, { grantType: 'strip_bound_session' })).toBe(2);
  });

  it('fails with our errors where there is no token', async () => {
    const unknown = await sdk.asInstance(trustedInstanceId('bbbbbbbb-2222-4222-8222-222222222222'));
    expect(await codeOf(() => unknown.fetchWithAuth(`${WIX}${ECHO}`))).toBe('WIX_INSTANCE_UNKNOWN');
    const copy = await sdk.onBehalfOf({ ...app.verified(app.install.site.owner) });
    expect(await codeOf(() => copy.fetchWithAuth(`${WIX}${ECHO}`))).toBe('WIX_ON_BEHALF_UNAVAILABLE');
    for (const forged of [
      JSON.parse('{"instanceId":"x"}'),
      app.instanceId,
      { ...app.verified(app.install.site.owner) },
    ]) {
      expect(await codeOf(() => sdk.asInstance(forged as never))).toBe('WIX_INSTANCE_NOT_TRUSTED');
    }
  });

  it('creates a client per call, because clients remember headers', async () => {
    app.wix.fail(ECHO, { headers: { 'x-wix-consistent': 'of the first' }, times: 1 });
    await echo();
    const { headers } = (await (await echo()).json()) as { headers: object };
    expect(headers).not.toHaveProperty('x-wix-consistent');
  });

  it('does not mint per call when a new token is refused as well', async () => {
    app.wix.fail(ECHO, { status: 401 });
    for (let round = 0; round < 3; round += 1) expect((await echo()).status).toBe(401);
    expect(app.mints).toBe(2);
    expect(app.wix.count(ECHO)).toBe(4);
  });

  it.each<[string, () => RequestInit]>([
    ['text', () => ({ method: 'POST', body: '{"a":1}' })],
    ['bytes', () => ({ method: 'POST', body: new TextEncoder().encode('{"a":1}') })],
    ['a form', () => ({ method: 'POST', body: new URLSearchParams({ a: '1' }) })],
  ])('sends %s again with the new token', async (_what, init) => {
    app.wix.fail(ECHO, { status: 401, times: 1 });
    expect(await (await echo(init())).json()).toMatchObject({ method: 'POST' });
    expect(app.wix.count(ECHO)).toBe(2);
    expect(new Set(app.wix.requests.filter(({ path }) => path === ECHO).map(({ rawBody }) => rawBody)).size).toBe(1);
    expect(app.wix.requests.at(-1)?.rawBody).toContain('1');
  });

  it.each<[string, () => Parameters<typeof fetch>]>([
    ['a stream', () => [`${WIX}${ECHO}`, { method: 'POST', body: new Blob(['{}']).stream(), duplex: 'half' }]],
    ['a request with a body', () => [new Request(`${WIX}${ECHO}`, { method: 'POST', body: '{}' })]],
  ])('does not send %s again, which cannot be replayed', async (_what, input) => {
    app.wix.fail(ECHO, { status: 401, times: 1 });
    const client = await sdk.asInstance(app.instance);
    expect((await client.fetchWithAuth(...input())).status).toBe(401);
    expect(app.wix.count(ECHO)).toBe(1);
  });

  it('sends requests of every form to the API', async () => {
    const client = await sdk.asInstance(app.instance);
    const forms: Parameters<typeof fetch>[0][] = [
      new URL(`${WIX}${ECHO}?a=1`),
      new Request(`${WIX}${ECHO}?a=1`, { headers: { 'x-wix-linguist': 'en' } }),
      new Request(`${WIX}${ECHO}?a=1`, { method: 'POST', body: '{"b":2}' }),
      `https://edge.wixapis.com${ECHO}?a=1`,
      `${app.wix.url}${ECHO}?a=1`,
      `${ECHO}?a=1`,
    ];
    for (const form of forms)
      expect(await (await client.fetchWithAuth(form)).json()).toMatchObject({ query: { a: '1' } });
    expect(app.wix.requests.filter(({ rawBody }) => rawBody === '{"b":2}')).toHaveLength(1);
    expect(app.wix.requests.filter(({ headers }) => headers['x-wix-linguist'] === 'en')).toHaveLength(1);
  });

  it('sends the headers of the call', async () => {
    const answer = await echo({ headers: { 'x-wix-linguist': 'en' } });
    expect(await answer.json()).toMatchObject({ headers: { 'x-wix-linguist': 'en' } });
  });

  it('waits for the quota where one is set', async () => {
    const admissions: string[] = [];
    class Recording extends InstanceLimiter {
      override admit(instanceId: never): Promise<void> {
        admissions.push(instanceId);
        return Promise.resolve();
      }
    }
    sdk = factory(new Recording(1));
    await echo();
    expect(admissions).toEqual([app.instanceId]);
  });

  describe('beside a foreign server', () => {
    let foreign: Server;
    let asked: number;

    beforeEach(async () => {
      asked = 0;
      foreign = createServer((_request, response) => {
        asked += 1;
        response.end();
      });
      await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
    });
    afterEach(() => new Promise((resolve) => foreign.close(resolve)));

    it('sends nothing to it', async () => {
      const address = foreign.address();
      const port = typeof address === 'object' ? String(address?.port) : '';
      const client = await sdk.asInstance(app.instance);
      for (const url of [
        `http://127.0.0.1:${port}/x`,
        `https://www.wixapis.com.evil.example/`,
        `//127.0.0.1:${port}/`,
      ]) {
        expect(await codeOf(() => client.fetchWithAuth(url))).toBe('WIX_MISCONFIGURED');
      }
      expect(await codeOf(() => client.fetchWithAuth(`${WIX}//127.0.0.1:${port}/`))).toBe('WIX_MISCONFIGURED');
      expect(asked).toBe(0);
    });
  });
});

describe('Auth strategies for createClient', () => {
  let app: CallingApp;

  beforeEach(async () => {
    app = await CallingApp.start();
  });
  afterEach(() => app.stop());

  it('return the token of an instance', async () => {
    const client = createClient({ auth: wixInstanceAuth(app.tokens, app.instance) });
    const { headers } = await client.auth.getAuthHeaders();
    expect(headers).toEqual({ Authorization: (await app.tokens.accessTokenFor(app.instance)).value });
    expect((await client.fetchWithAuth(`${app.wix.url}${PRODUCTS}`)).status).toBe(200);
    expect(app.mints).toBe(1);
  });

  it('return the token of a caller', async () => {
    const owner = app.verified(app.install.site.owner);
    const client = createClient({ auth: wixIdentityAuth(app.tokens, owner) });
    expect((await client.fetchWithAuth(`${app.wix.url}${PRODUCTS}`)).status).toBe(200);
    expect(app.wix.count(MINT, { grantType: 'strip_bound_session' })).toBe(1);
  });
});

describe('loadSdk', () => {
  const failing = (code: string, message: string) => () => Promise.reject(Object.assign(new Error(message), { code }));

  it('returns the SDK', async () => {
    expect((await loadSdk()).createClient).toBe(createClient);
  });

  it.each([
    ['ERR_MODULE_NOT_FOUND', "Cannot find package '@wix/sdk' imported from /app/node_modules/nestjs-wix-auth/x.js"],
    ['MODULE_NOT_FOUND', "Cannot find module '@wix/sdk'\nRequire stack:\n- /app/x.js"],
  ])('says what to install when it is missing (%s)', async (code, message) => {
    const load = failing(code, message);
    expect(await codeOf(() => loadSdk(load))).toBe('WIX_MISCONFIGURED');
    await expect(loadSdk(load)).rejects.toThrow('npm install @wix/sdk');
  });

  it.each([
    ['ERR_MODULE_NOT_FOUND', "Cannot find package '@wix/sdk-runtime' imported from /app/node_modules/@wix/sdk/x.js"],
    ['ERR_OTHER', "Something else about '@wix/sdk'"],
  ])('passes on other failures (%s)', async (code, message) => {
    expect(await codeOf(() => loadSdk(failing(code, message)))).toBe(code);
  });
});
