import { type Readable } from 'node:stream';
import { inspect } from 'node:util';

import { type EmulatorFault } from 'nestjs-wix-auth/testing';
import { firstValueFrom } from 'rxjs';

import type { WixRequestConfig } from '../../../src/client/sending/wix-request-config.js';
import { CallingApp, PRODUCTS, STORE } from './calling-app.js';
import { newProduct } from '../../support/new-product.js';

const BLOB = '/emulator/blob';

describe('Values that reach the caller of Wix', () => {
  let app: CallingApp;
  let secrets: readonly string[];

  beforeEach(async () => {
    app = await CallingApp.start();
    const owner = app.install.site.owner;
    presented = app.wix.mint.userToken(app.install, owner);
    const user = app.verified(owner, presented);
    const [own, exchanged] = [await app.tokens.accessTokenFor(app.instance), await app.tokens.onBehalfOf(user)];
    secrets = [own.value, exchanged.value, presented, app.install.app.appSecret];
  });
  afterEach(() => app.stop());

  let presented: string;

  const client = () => app.http.asInstance(app.instance);
  const get = (url: string, config?: WixRequestConfig) => firstValueFrom(client().get(url, config));
  const failureOf = (url: string, config?: WixRequestConfig) => get(url, config).catch((error: unknown) => error);

  const isSilent = (subject: unknown) => {
    const printed = [
      inspect(subject, { depth: 20, showHidden: true, getters: true }),
      asJson(subject),
      stackOf(subject),
    ];
    for (const secret of secrets) for (const text of printed) expect(text).not.toContain(secret.slice(-40));
  };
  const asJson = (subject: unknown): string => {
    try {
      return JSON.stringify([subject]);
    } catch {
      return 'circular, so nobody logs it';
    }
  };
  const stackOf = (subject: unknown): string => (subject instanceof Error ? (subject.stack ?? '') : '');

  it('would show the token if they contained it', async () => {
    const { data } = await get('/emulator/echo');
    expect(() => isSilent(data)).toThrow();
  });

  it('include a response without the token', async () => {
    isSilent(await get(PRODUCTS));
    isSilent(await firstValueFrom(client().post(STORE, { product: newProduct('Mug') })));
  });

  it('include a response on behalf of a user without either token', async () => {
    const user = app.verified(app.install.site.owner, presented);
    isSilent(await firstValueFrom(app.http.onBehalfOf(user).get(PRODUCTS)));
  });

  it('include a stream without the token, open and ended, with and without a length', async () => {
    for (const limit of [-1, 1_000_000]) {
      const { data, ...response } = await get(BLOB, { responseType: 'stream', maxContentLength: limit });
      isSilent(response);
      isSilent(data);
      await (data as Readable).toArray();
      isSilent(data);
    }
  });

  it('include the error of a stream without the token', async () => {
    const { data } = await get(BLOB, { responseType: 'stream', maxContentLength: 10 });
    const failure: unknown = await (data as Readable).toArray().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'WIX_MISCONFIGURED' });
    isSilent(failure);
  });

  it.each<[string, EmulatorFault, string, WixRequestConfig?]>([
    ['a refusal', { status: 403 }, 'WIX_API_ERROR'],
    ['a refused token', { status: 401 }, 'WIX_API_ERROR'],
    ['a page', { html: true }, 'WIX_API_ERROR'],
    ['a cut connection', { reset: true }, 'WIX_UNAVAILABLE'],
    ['a cut answer', { resetMidBody: true }, 'WIX_UNAVAILABLE'],
    ['a timeout', { hang: true }, 'WIX_UNAVAILABLE', { timeout: 300 }],
  ])('include an error without the token after %s', async (_what, fault, code, config = {}) => {
    app.wix.fail(PRODUCTS, fault);
    const error = await failureOf(PRODUCTS, { retry: 'never', ...config });
    expect(error).toMatchObject({ code });
    for (const gone of ['config', 'request', 'response']) expect(error).not.toHaveProperty(gone);
    isSilent(error);
  });

  it.each<[string, string, WixRequestConfig]>([
    ['too long an answer', BLOB, { maxContentLength: 10 }],
    ['a foreign redirect', '/emulator/redirect', { params: { to: 'https://evil.example' } }],
    ['a cancellation', PRODUCTS, { signal: AbortSignal.abort() }],
    ['too long a body', '/emulator/echo', { method: 'post', data: 'xx', maxBodyLength: 1 }],
    [
      'a body axios cannot send',
      '/emulator/echo',
      { method: 'post', data: 7, transformRequest: [(data) => data as unknown] },
    ],
    ['a header Node cannot send', PRODUCTS, { headers: { 'x-y': 'ä\u0100' } }],
    ['JSON that is none', BLOB, { responseType: 'json', transitional: { silentJSONParsing: false } }],
    [
      'a transformation that fails',
      PRODUCTS,
      {
        transformResponse: [
          () => {
            throw new Error('mine');
          },
        ],
      },
    ],
  ])('include an error without the token after %s', async (_what, url, config) => {
    const error = await firstValueFrom(client().request({ ...config, url })).catch((reason: unknown) => reason);
    isSilent(error);
  });

  it('do not contain the token while many calls share connections', async () => {
    const slow = app.wix.fail(BLOB, { hang: true });
    const open = Array.from({ length: 5 }, () => client().get(BLOB).subscribe());
    await app.wix.waitFor(BLOB, { times: 5 });
    isSilent(await get(PRODUCTS));
    isSilent(await failureOf(`${STORE}/7`));
    for (const subscription of open) subscription.unsubscribe();
    slow.clear();
  });

  it('do not contain the token in interceptors', async () => {
    const seen: unknown[] = [];
    app.http.axiosRef.interceptors.request.use((config) => (seen.push(inspect(config, { depth: 20 })), config));
    app.http.axiosRef.interceptors.response.use(
      (response) => (seen.push(response), response),
      (error: unknown) => {
        seen.push(error);
        throw error;
      },
    );
    await get(PRODUCTS);
    await failureOf(`${STORE}/7`);
    expect(seen).toHaveLength(4);
    seen.forEach(isSilent);
  });

  it('do not contain the token in the service or its clients', async () => {
    await get(PRODUCTS);
    isSilent(app.http);
    isSilent(client());
    isSilent(client().axiosRef);
    isSilent(app.callTokens);
  });
});
