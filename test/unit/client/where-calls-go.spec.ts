import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Agent } from 'node:http';
import type { AddressInfo } from 'node:net';

import axios, { type AxiosRequestConfig } from 'axios';
import { firstValueFrom } from 'rxjs';

import type { WixRequestConfig } from '../../../src/client/sending/wix-request-config.js';
import { codeOf, errorOf } from '../../support/code-of.js';
import { CallingApp, PRODUCTS } from './calling-app.js';

const ECHO = '/emulator/echo';

describe('The destination of a call', () => {
  let app: CallingApp;
  let foreign: Server;
  let foreignUrl: string;
  let stray: IncomingMessage[];

  beforeEach(async () => {
    app = await CallingApp.start();
    await app.tokens.accessTokenFor(app.instance);
    app.wix.resetLog();
    stray = [];
    foreign = createServer((request, response) => {
      stray.push(request);
      response.end('{}');
    });
    await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
    foreignUrl = `http://127.0.0.1:${String((foreign.address() as AddressInfo).port)}`;
  });
  afterEach(async () => {
    foreign.closeAllConnections();
    await new Promise((resolve) => foreign.close(resolve));
    await app.stop();
  });

  const client = () => app.http.asInstance(app.instance);
  const send = (config: WixRequestConfig) => firstValueFrom(client().request(config));
  // What JavaScript, an `any` or an interceptor can still do.
  const sendUntyped = (config: AxiosRequestConfig) => send({ url: ECHO, ...config });
  const nothingWasSent = () => {
    expect(app.wix.count()).toBe(0);
    expect(stray).toHaveLength(0);
  };

  it('is below the API, with the token and the given request', async () => {
    const { data } = await firstValueFrom(
      client().post(ECHO, { name: 'Mug' }, { params: { limit: 5 }, headers: { 'x-wix-linguist': 'en' } }),
    );
    const { value } = await app.tokens.accessTokenFor(app.instance);
    expect(data).toMatchObject({
      method: 'POST',
      path: ECHO,
      query: { limit: '5' },
      body: { name: 'Mug' },
      headers: { authorization: value, 'x-wix-linguist': 'en' },
    });
  });

  it.each(['get', 'head', 'delete', 'post', 'put', 'patch'] as const)('sends a %s', async (method) => {
    await firstValueFrom(client()[method](ECHO));
    expect(app.wix.requests.at(-1)).toMatchObject({ method: method.toUpperCase(), path: ECHO });
  });

  it('may be written as a whole URL of the API', async () => {
    expect(await send({ url: `${app.wix.url}${PRODUCTS}` })).toMatchObject({ status: 200 });
  });

  it('is what was checked, however axios would combine it', async () => {
    expect(await send({ url: PRODUCTS, allowAbsoluteUrls: false })).toMatchObject({ status: 200 });
  });

  it('is not through a proxy of the environment, which could read the token', async () => {
    process.env['http_proxy'] = foreignUrl;
    try {
      expect(await send({ url: PRODUCTS })).toMatchObject({ status: 200 });
    } finally {
      delete process.env['http_proxy'];
    }
    expect(stray).toHaveLength(0);
  });

  it.each([
    ['another origin', () => ({ url: `${foreignUrl}/x` })],
    ['a host without a protocol', () => ({ url: `//${new URL(foreignUrl).host}/x` })],
    ['a host behind a backslash', () => ({ url: `/\\${new URL(foreignUrl).host}/x` })],
    ['another protocol', () => ({ url: app.wix.url.replace('http:', 'https:') })],
    ['another port', () => ({ url: 'http://127.0.0.1:1/x' })],
    ['the API as a user name', () => ({ url: `${app.wix.url}@${new URL(foreignUrl).host}/x` })],
    ['another base', () => ({ url: '/x', baseURL: foreignUrl })],
    ['another base and no absolute URLs', () => ({ url: '/x', baseURL: foreignUrl, allowAbsoluteUrls: false })],
  ])('is never %s', async (_what, config) => {
    expect(await codeOf(() => send(config()))).toBe('WIX_MISCONFIGURED');
    nothingWasSent();
  });

  it('is checked after interceptors', async () => {
    app.http.axiosRef.interceptors.request.use((config) => ({ ...config, url: `${foreignUrl}/x` }));
    expect(await codeOf(() => send({ url: ECHO }))).toBe('WIX_MISCONFIGURED');
    nothingWasSent();
  });

  it('is checked after defaults', async () => {
    app.http.axiosRef.defaults.baseURL = foreignUrl;
    expect(await codeOf(() => send({ url: ECHO }))).toBe('WIX_MISCONFIGURED');
    nothingWasSent();
  });

  it.each<[string, () => AxiosRequestConfig]>([
    ['auth', () => ({ auth: { username: 'someone', password: 'else' } })],
    ['httpAgent', () => ({ httpAgent: new Agent() })],
    ['httpsAgent', () => ({ httpsAgent: new Agent() })],
    ['proxy', () => ({ proxy: { host: '127.0.0.1', port: Number(new URL(foreignUrl).port) } })],
    ['socketPath', () => ({ socketPath: '/nowhere.sock' })],
    ['transport', () => ({ transport: {} })],
    ['lookup', () => ({ lookup: () => ['127.0.0.1', 4] as never })],
    ['beforeRedirect', () => ({ beforeRedirect: () => undefined })],
    ['adapter', () => ({ adapter: () => Promise.reject(new Error('never asked')) })],
    ['an Authorization header', () => ({ headers: { authorization: 'mine' } })],
    ['an Authorization header in capitals', () => ({ headers: { AUTHORIZATION: 'mine' } })],
    ['a Host header', () => ({ headers: { host: 'evil.example' } })],
  ])('does not allow %s in a call', async (_what, config) => {
    expect(await codeOf(() => sendUntyped(config()))).toBe('WIX_MISCONFIGURED');
    nothingWasSent();
  });

  it('does not allow an interceptor to set an Authorization header', async () => {
    app.http.axiosRef.interceptors.request.use((config) => {
      config.headers.set('Authorization', 'mine');
      return config;
    });
    expect(await codeOf(() => send({ url: ECHO }))).toBe('WIX_MISCONFIGURED');
    nothingWasSent();
  });

  it('does not depend on what an application sets on all axios instances', async () => {
    const { defaults } = axios;
    Object.assign(defaults, { baseURL: foreignUrl, proxy: { host: '127.0.0.1', port: 1 }, httpAgent: new Agent() });
    defaults.headers.common.Authorization = 'of the application';
    const other = await CallingApp.start();
    try {
      const { data } = await firstValueFrom(other.http.asInstance(other.instance).get(ECHO));
      expect(data).not.toMatchObject({ headers: { authorization: 'of the application' } });
    } finally {
      for (const name of ['baseURL', 'proxy', 'httpAgent']) Reflect.deleteProperty(defaults, name);
      Reflect.deleteProperty(defaults.headers.common, 'Authorization');
      await other.stop();
    }
    expect(stray).toHaveLength(0);
  });

  it('follows a redirect within the API, with the token', async () => {
    const { data, status } = await send({ url: '/emulator/redirect', params: { to: `${ECHO}?page=2` } });
    const { value } = await app.tokens.accessTokenFor(app.instance);
    expect(status).toBe(200);
    expect(data).toMatchObject({ path: ECHO, query: { page: '2' }, headers: { authorization: value } });
    expect(Object.keys((data as { query: object }).query)).toEqual(['page']);
  });

  it('follows no redirect to another origin', async () => {
    const error = await errorOf(() => send({ url: '/emulator/redirect', params: { to: `${foreignUrl}/x` } }));
    expect(error).toMatchObject({ code: 'WIX_API_ERROR', status: 302, path: '/emulator/redirect' });
    expect(error?.message).toContain('not followed');
    expect(stray).toHaveLength(0);
  });

  it('follows no redirect of a request with a body', async () => {
    const redirect = { url: '/emulator/redirect', params: { to: ECHO, status: '307' }, method: 'post', data: {} };
    expect(await errorOf(() => send(redirect))).toMatchObject({ code: 'WIX_API_ERROR', status: 307 });
    expect(app.wix.count(ECHO)).toBe(0);
  });

  it('does not follow redirects in a circle', async () => {
    app.wix.fail('/emulator/redirect', { status: 302, empty: true, headers: { location: '/emulator/redirect' } });
    expect(await errorOf(() => send({ url: '/emulator/redirect' }))).toMatchObject({ status: 302 });
    expect(app.wix.count('/emulator/redirect')).toBe(6);
  });

  it('returns a redirect to a caller who asks for it', async () => {
    const { status, headers } = await send({
      url: '/emulator/redirect',
      params: { to: `${foreignUrl}/x` },
      maxRedirects: 0,
      validateStatus: (code) => code === 302,
    });
    expect(status).toBe(302);
    expect(headers['location']).toBe(`${foreignUrl}/x`);
  });
});
