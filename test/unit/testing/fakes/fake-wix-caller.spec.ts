import { randomUUID } from 'node:crypto';
import { Socket } from 'node:net';

import { jest } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  trustedInstanceId,
  WixApiError,
  WixAuthModule,
  WixHttpService,
  WixIdentity,
  WixInstanceAuth,
  WixTokenService,
  WixUserAuth,
  type AnyWixIdentity,
  type WixAuthOptions,
  type WixMemberIdentity,
  type WixUserIdentity,
} from 'nestjs-wix-auth';
import { WixSdkClientFactory } from 'nestjs-wix-auth/sdk';
import { fakeWixCaller, fakeWixHttp, fakeWixIdentity, type FakeWixCallerSettings } from 'nestjs-wix-auth/testing';
import { firstValueFrom, map, of, type Observable } from 'rxjs';

import { APP_ID, INSTANCE } from '../../../support/app.js';
import { CapturedLogs } from '../../../support/captured-logs.js';
import { call, type RunningApp } from '../../../support/running-app.js';

const READ = 'SCOPE.DC-STORES.READ-PRODUCTS';
const MANAGE = 'SCOPE.DC-STORES.MANAGE-PRODUCTS';

const base = {
  appId: APP_ID,
  instanceId: INSTANCE,
  credentialType: 'access-token',
  expiresAt: new Date('2100-01-01'),
} as const;
const user: WixUserIdentity = { ...base, type: 'user', userId: 'someone', isSiteOwner: false };
const member: WixMemberIdentity = { ...base, type: 'member', memberId: 'someone' };

@Controller()
class Routes {
  constructor(
    private readonly wix: WixHttpService,
    private readonly tokens: WixTokenService,
    private readonly sdk: WixSdkClientFactory,
  ) {}

  @Get('me')
  @WixUserAuth()
  me(@WixIdentity() caller: AnyWixIdentity) {
    return caller;
  }

  @Get('all')
  @WixUserAuth({ scopes: [READ], anyScope: [MANAGE, 'MY.OWN'] })
  all() {
    return 'passed';
  }

  @Get('call')
  @WixInstanceAuth({ allow: ['user'] })
  call(@WixIdentity() caller: AnyWixIdentity): Observable<unknown> {
    return this.wix.asInstance(caller).get('/stores/v1/products');
  }

  @Get('names')
  @WixUserAuth()
  names(@WixIdentity() caller: AnyWixIdentity): Observable<unknown> {
    return this.wix
      .onBehalfOf(caller)
      .post('/stores/v3/products/query?limit=1', { query: {} })
      .pipe(map(({ data }) => data));
  }

  @Get('fetch')
  @WixUserAuth()
  async fetch(@WixIdentity() caller: AnyWixIdentity) {
    return this.sdk.fetchAsInstance(caller)('https://www.wixapis.com/stores/v1/products');
  }

  @Get('token')
  @WixUserAuth()
  async token(@WixIdentity() caller: AnyWixIdentity) {
    return this.tokens.accessTokenFor(caller);
  }
}

// As an application is set up in production, with nothing in the environment of a test.
@Module({
  imports: [
    WixAuthModule.forRootAsync({
      useFactory: () => ({
        appId: process.env['NOT_SET'] ?? '',
        appSecret: '',
        cache: { stores: ['redis://x'] as never },
      }),
      webhooks: {},
      globalGuard: true,
    }),
  ],
  controllers: [Routes],
})
class AppModule {}

describe('fakeWixCaller', () => {
  let running: RunningApp | undefined;

  afterEach(async () => {
    jest.restoreAllMocks();
    await running?.close();
    running = undefined;
  });

  const start = async (
    identity: AnyWixIdentity,
    settings?: FakeWixCallerSettings,
    wix?: Partial<Record<'asInstance', unknown>>,
    logger: CapturedLogs | false = false,
  ): Promise<(path: string) => Promise<unknown[]>> => {
    const builder = fakeWixCaller(Test.createTestingModule({ imports: [AppModule] }), identity, settings);
    if (wix !== undefined) builder.overrideProvider(WixHttpService).useValue(wix);
    const app = (await builder.compile()).createNestApplication({ logger });
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    running = { app, url, close: () => app.close() };
    return async (path) => {
      const { status, body } = await call(`${url}/${path}`, 'any credential');
      return [status, body];
    };
  };

  it('turns every credential into that identity, and refuses requests without one', async () => {
    const get = await start(user);

    expect(await get('me')).toMatchObject([200, { type: 'user', userId: 'someone' }]);
    expect(await call(`${running?.url ?? ''}/me`)).toMatchObject({ status: 401 });
  });

  it('lets the guards decide who may call', async () => {
    expect(await (await start(member))('me')).toMatchObject([403, { code: 'WIX_IDENTITY_NOT_ALLOWED' }]);
  });

  it.each<[FakeWixCallerSettings | undefined, unknown]>([
    [undefined, [403, { missingScopes: [READ, MANAGE, 'MY.OWN'] }]],
    [{ scopes: [READ] }, [403, { missingScopes: [MANAGE, 'MY.OWN'] }]],
    [{ scopes: [READ, 'MY.OWN'] }, [200, 'passed']],
    [{ scopes: '*' }, [200, 'passed']],
  ])('lets the caller hold %j', async (settings, answer) => {
    expect(await (await start(user, settings))('all')).toMatchObject(answer as object);
  });

  it('opens no connection, whatever a handler requests from Wix', async () => {
    const get = await start(user);
    const { port } = new URL(running?.url ?? '');
    const opened = jest.spyOn(Socket.prototype, 'connect');

    expect(await get('call')).toMatchObject([500, {}]);
    expect(await get('token')).toMatchObject([500, {}]);
    const elsewhere = opened.mock.calls.filter((target) => !JSON.stringify(target).includes(port));
    expect(elsewhere).toEqual([]);
  });

  it.each([
    ['call', 'GET /stores/v1/products as the app', "{ 'GET /stores/v1/products': … }"],
    ['names', 'POST /stores/v3/products/query as the user', "{ 'POST /stores/v3/products/query': … }"],
    ['token', 'WixTokenService.accessTokenFor()', 'WixEmulator'],
    ['fetch', 'A request of WixSdkClientFactory.fetchAsInstance()', 'WixEmulator'],
  ])('names what /%s requests from Wix, and says what to do', async (path, call, advice) => {
    const logs = new CapturedLogs();
    const get = await start(user, {}, undefined, logs);

    const [status, body] = await get(path);
    const { message } = body as { message: string };
    expect([status, message.slice(0, call.length)]).toEqual([500, call]);
    expect(message).toContain(advice);
    expect(logs.of('error', 'fakeWixCaller')).toEqual([message]);
  });

  it('names a request by a client that has no fake', async () => {
    const logs = new CapturedLogs();
    await start(user, { options: { verifyOnStart: true, requestTimeoutMs: 1_000 } }, undefined, logs);
    expect(logs.of('error', 'fakeWixCaller')[0]).toContain('POST /oauth2/token: this test has no answer');
  });

  it('answers calls as the test defines', async () => {
    const answers = { 'POST /stores/v3/products/query': { products: ['Roses'] } };
    expect(await (await start(user, { answers }))('names')).toEqual([200, { products: ['Roses'] }]);
  });

  it('accepts a fake of WixHttpService after it', async () => {
    const get = await start(user, {}, { asInstance: () => ({ get: () => of('faked') }) });
    expect(await get('call')).toEqual([200, 'faked']);
  });
});

describe('A test without an emulator', () => {
  const real = { appId: APP_ID, appSecret: randomUUID() };
  const site = trustedInstanceId(INSTANCE);

  const start = (options: WixAuthOptions) =>
    Test.createTestingModule({ imports: [WixAuthModule.forRoot(options)] }).compile();

  it('does not call Wix itself, and says what to do', async () => {
    const opened = jest.spyOn(Socket.prototype, 'connect');
    const module = await start(real);
    await expect(module.get(WixTokenService).accessTokenFor(site)).rejects.toMatchObject({
      code: 'WIX_MISCONFIGURED',
      message: expect.stringMatching(/^POST \/oauth2\/token was not sent: .+useWixEmulator\(\), .+ apiUrl/s),
    });
    await expect(firstValueFrom(module.get(WixHttpService).asInstance(site).get('/a/b'))).rejects.toMatchObject({
      message: expect.stringContaining('GET /a/b was not sent'),
    });
    expect(opened).not.toHaveBeenCalled();
    await module.close();
  });

  it('calls the Wix URL that it names', async () => {
    const module = await start({ ...real, apiUrl: 'http://127.0.0.1:1', requestTimeoutMs: 100 });
    await expect(module.get(WixTokenService).accessTokenFor(site)).rejects.toMatchObject({ code: 'WIX_UNAVAILABLE' });
    await module.close();
  });
});

describe('fakeWixHttp', () => {
  const owner = fakeWixIdentity('user', { isSiteOwner: true });

  it('answers calls by method and path, regardless of their query', async () => {
    const wix = fakeWixHttp({ 'GET /stores/v3/products/1': { product: { name: 'Roses' } } });
    const { data, status } = await firstValueFrom(wix.asInstance(owner).get('/stores/v3/products/1?fields=URL'));
    expect([status, data]).toEqual([200, { product: { name: 'Roses' } }]);
  });

  it('passes the call to a function, and returns its result', async () => {
    const wix = fakeWixHttp({ 'PATCH /a/b': (call) => Promise.resolve({ ...call }) });
    const { data } = await firstValueFrom(wix.onBehalfOf(owner).patch('/a/b', { x: 1 }, { params: { y: 2 } }));
    expect(data).toEqual({ method: 'PATCH', path: '/a/b', params: { y: 2 }, body: { x: 1 }, caller: 'user' });
  });

  it('fails as a function fails', async () => {
    const refusal = new WixApiError({ method: 'GET', path: '/a', status: 404, body: undefined });
    const wix = fakeWixHttp({
      'GET /a': () => {
        throw refusal;
      },
    });
    await expect(firstValueFrom(wix.asInstance(owner).get('/a'))).rejects.toBe(refusal);
  });

  it('names the call that it has no answer for', async () => {
    const call = firstValueFrom(fakeWixHttp().onBehalfOf(fakeWixIdentity('visitor')).delete('/a/b?c=d'));
    await expect(call).rejects.toThrow('DELETE /a/b as the visitor: this test has no answer to that');
  });

  it('says that it has no axios', () => {
    expect(() => fakeWixHttp().axiosRef).toThrow('WixHttpService.axiosRef: this test has no answer to that');
    expect(() => fakeWixHttp().asInstance(owner).axiosRef).toThrow('WixHttpClient.axiosRef');
  });
});

describe('fakeWixIdentity', () => {
  it.each(['app', 'user', 'member', 'visitor'] as const)('makes a frozen %s', (type) => {
    const identity = fakeWixIdentity(type, { vendorProductId: 'pro' });
    expect(identity).toMatchObject({ type, credentialType: 'access-token', vendorProductId: 'pro' });
    expect(Object.isFrozen(identity)).toBe(true);
  });
});
