import { Socket } from 'node:net';

import { jest } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  WixAuthModule,
  WixHttpService,
  WixIdentity,
  WixInstanceAuth,
  WixTokenService,
  WixUserAuth,
  type AnyWixIdentity,
  type WixMemberIdentity,
  type WixUserIdentity,
} from 'nestjs-wix-auth';
import { fakeWixCaller, type FakeWixCallerSettings } from 'nestjs-wix-auth/testing';
import { of, type Observable } from 'rxjs';

import { APP_ID, INSTANCE } from '../../support/app.js';
import { call, type RunningApp } from '../../support/running-app.js';

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
  ): Promise<(path: string) => Promise<unknown[]>> => {
    const builder = fakeWixCaller(Test.createTestingModule({ imports: [AppModule] }), identity, settings);
    if (wix !== undefined) builder.overrideProvider(WixHttpService).useValue(wix);
    const app = (await builder.compile()).createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    running = { app, url, close: () => app.close() };
    return async (path) => {
      const { status, body } = await call(`${url}/${path}`, 'any credential');
      return [status, body];
    };
  };

  it('makes every credential that identity, and refuses requests without one', async () => {
    const get = await start(user);

    expect(await get('me')).toMatchObject([200, { type: 'user', userId: 'someone' }]);
    expect(await call(`${running?.url ?? ''}/me`)).toMatchObject({ status: 401 });
  });

  it('leaves it to the guards who may pass', async () => {
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

  it('opens no connection, whatever a handler asks of Wix', async () => {
    const get = await start(user);
    const { port } = new URL(running?.url ?? '');
    const opened = jest.spyOn(Socket.prototype, 'connect');

    expect(await get('call')).toMatchObject([500, {}]);
    expect(await get('token')).toMatchObject([500, {}]);
    const elsewhere = opened.mock.calls.filter((target) => !JSON.stringify(target).includes(port));
    expect(elsewhere).toEqual([]);
  });

  it('takes a fake of WixHttpService after it', async () => {
    const get = await start(user, {}, { asInstance: () => ({ get: () => of('faked') }) });
    expect(await get('call')).toEqual([200, 'faked']);
  });
});
