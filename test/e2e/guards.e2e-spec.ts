import {
  Controller,
  Get,
  Injectable,
  UseGuards,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import {
  AllowIdentities,
  RequireScopes,
  WixAuthGuard,
  WixIdentity,
  WixInstanceAuth,
  WixInstanceGuard,
  WixUserAuth,
  WixUserGuard,
} from 'nestjs-wix-auth';
import { WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { deferred } from '../support/deferred.js';
import {
  APP_INSTANCE,
  CONTRIBUTORS,
  MANAGE_CONTRIBUTORS,
  MANAGE_PRODUCTS,
  READ_PRODUCTS,
  siteWith,
  TOKEN_INFO,
} from '../support/emulated-site.js';
import { call, platforms, startApp, type RunningApp } from '../support/running-app.js';

@Controller('stacked')
@UseGuards(WixAuthGuard)
@RequireScopes(READ_PRODUCTS)
class StackedController {
  @Get('user')
  @UseGuards(WixUserGuard)
  @WixUserAuth({ scopes: [MANAGE_PRODUCTS] })
  user() {
    return {};
  }

  @Get('instance')
  @UseGuards(WixInstanceGuard)
  instance() {
    return {};
  }

  @Get('anyone')
  anyone(@WixIdentity('type') type: string) {
    return { type };
  }
}

abstract class BaseController {
  @Get('inherited')
  inherited(@WixIdentity('type') type: string) {
    return { type };
  }

  @Get('scoped')
  @RequireScopes(READ_PRODUCTS)
  scoped() {
    return {};
  }
}

@Controller('for-users')
@WixUserAuth()
class ForUsersController extends BaseController {}

@Controller('for-the-app')
@WixInstanceAuth()
class ForTheAppController extends BaseController {}

@Controller('stricter')
@RequireScopes(MANAGE_PRODUCTS)
class StricterController extends ForUsersController {
  override inherited(type: string) {
    return super.inherited(type);
  }
}

@Injectable()
class OwnGuard extends WixUserGuard {}

@Controller('own-guard')
class OwnGuardController {
  @Get()
  @UseGuards(OwnGuard)
  ownGuard(@WixIdentity('userId') userId: string) {
    return { userId };
  }

  @Get('visitors')
  @UseGuards(WixAuthGuard)
  @AllowIdentities('visitor')
  visitors() {
    return {};
  }
}

/** Lets the first call wait, past the guards, until there is a second. */
@Injectable()
class InPairs implements NestInterceptor {
  readonly #complete = deferred<undefined>();
  #calls = 0;

  async intercept(_context: ExecutionContext, next: CallHandler) {
    this.#calls += 1;
    if (this.#calls === 2) this.#complete.resolve(undefined);
    await this.#complete.promise;
    return next.handle();
  }
}

@Controller('in-pairs')
@WixUserAuth()
@UseInterceptors(InPairs)
class InPairsController {
  @Get()
  inPairs(@WixIdentity('userId') userId: string) {
    return { userId };
  }
}

const controllers: Type[] = [
  StackedController,
  ForUsersController,
  ForTheAppController,
  StricterController,
  OwnGuardController,
  InPairsController,
];

describe.each(platforms)('Guards on %s', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
    // Nothing is cached, so each evaluation shows in the emulator's log.
    const registration = WixAuthTestingModule.forApp(wix, app, {
      globalGuard: true,
      verification: { ttlMs: 0 },
      grants: { userRoles: { 'store-manager': [READ_PRODUCTS, MANAGE_PRODUCTS] }, ttlMs: 0 },
    });
    running = await startApp(platform, { imports: [registration], controllers });
  });
  beforeEach(() => {
    wix.resetLog();
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  const get = (path: string, token: string) => call(`${running.url}/${path}`, token);
  const notAllowed = { status: 403, body: { code: 'WIX_IDENTITY_NOT_ALLOWED' } };
  const granted = () => siteWith(wix, app, MANAGE_PRODUCTS, MANAGE_CONTRIBUTORS);

  describe('stacked globally, on a class and on a method', () => {
    it('introspect once for a caller they admit', async () => {
      expect(await get('stacked/user', granted().userToken('store-manager'))).toMatchObject({ status: 200 });
      expect([wix.count(TOKEN_INFO), wix.count(APP_INSTANCE), wix.count(CONTRIBUTORS)]).toEqual([1, 1, 1]);
    });

    it('introspect once for a caller they refuse', async () => {
      expect(await get('stacked/user', granted().visitorToken())).toMatchObject(notAllowed);
      expect([wix.count(TOKEN_INFO), wix.count(APP_INSTANCE), wix.count(CONTRIBUTORS)]).toEqual([1, 0, 0]);
    });

    it('apply the authority of the method', async () => {
      const site = granted();
      expect(await get('stacked/user', site.appToken())).toMatchObject(notAllowed);
      expect(await get('stacked/instance', site.appToken())).toMatchObject({ status: 200 });
      expect(await get('stacked/instance', site.ownerToken())).toMatchObject(notAllowed);
    });

    it('apply the scopes of class and method', async () => {
      const bare = siteWith(wix, app);
      expect(await get('stacked/user', bare.ownerToken())).toMatchObject({
        body: { missingScopes: expect.arrayContaining([READ_PRODUCTS, MANAGE_PRODUCTS]), lackedBy: ['app'] },
      });
      expect(await get('stacked/anyone', bare.appToken())).toMatchObject({
        body: { missingScopes: [READ_PRODUCTS] },
      });
    });
  });

  describe('of a subclass', () => {
    it('apply to inherited handlers, separately for each class', async () => {
      const site = granted();
      expect(await get('for-users/inherited', site.ownerToken())).toMatchObject({ body: { type: 'user' } });
      expect(await get('for-users/inherited', site.appToken())).toMatchObject(notAllowed);
      expect(await get('for-the-app/inherited', site.appToken())).toMatchObject({ body: { type: 'app' } });
      expect(await get('for-the-app/inherited', site.ownerToken())).toMatchObject(notAllowed);
    });

    it('take the authority for the scopes of inherited handlers from the subclass', async () => {
      const site = granted();
      expect(await get('for-the-app/scoped', site.appToken())).toMatchObject({ status: 200 });
      expect(await get('for-users/scoped', site.userToken('nobody'))).toMatchObject({ body: { lackedBy: ['user'] } });
    });

    it('add to those of its base class', async () => {
      const reader = siteWith(wix, app, READ_PRODUCTS);
      expect(await get('for-users/scoped', reader.ownerToken())).toMatchObject({ status: 200 });
      const answer = await get('stricter/scoped', reader.ownerToken());
      expect(answer.body).toMatchObject({ missingScopes: [MANAGE_PRODUCTS] });
      expect(await get('stricter/scoped', granted().appToken())).toMatchObject(notAllowed);
    });
  });

  it('may be subclassed themselves', async () => {
    const { site, ownerToken, visitorToken } = granted();
    expect(await get('own-guard', ownerToken())).toMatchObject({ body: { userId: site.owner.userId } });
    expect(await get('own-guard', visitorToken())).toMatchObject(notAllowed);
  });

  it('take exactly the identities that a route names', async () => {
    const site = granted();
    expect(await get('own-guard/visitors', site.visitorToken())).toMatchObject({ status: 200 });
    for (const token of [site.ownerToken(), site.appToken(), site.memberToken()]) {
      expect(await get('own-guard/visitors', token)).toMatchObject({
        ...notAllowed,
        body: { allowedIdentities: ['visitor'] },
      });
    }
  });

  it('do not mix up handlers that wait at the same time', async () => {
    const [one, other] = [granted(), granted()];
    const answers = await Promise.all([get('in-pairs', one.ownerToken()), get('in-pairs', other.ownerToken())]);
    expect(answers.map(({ body }) => body)).toEqual([
      { userId: one.site.owner.userId },
      { userId: other.site.owner.userId },
    ]);
  });
});
