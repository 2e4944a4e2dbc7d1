import { Body, Controller, Get, Post, UseGuards, ValidationPipe } from '@nestjs/common';
import { IsString } from 'class-validator';
import {
  WixAuthGuard,
  wixCorsOptions,
  WixIdentity,
  WixPublic,
  WixTokenService,
  WixUserAuth,
  type AnyWixIdentity,
  type WixUserIdentity,
} from 'nestjs-wix-auth';
import { WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { MANAGE_PRODUCTS, siteWith, TOKEN, TOKEN_INFO } from '../support/emulated-site.js';
import { call, platforms, startApp, type RunningApp } from '../support/running-app.js';

class ProductDto {
  @IsString()
  name = '';
}

@Controller()
class ShopController {
  constructor(private readonly tokens: WixTokenService) {}

  @Get('health')
  @WixPublic()
  health() {
    return { up: true };
  }

  @Get('greeting')
  @WixPublic()
  greeting(@WixIdentity.optional() identity?: AnyWixIdentity, @WixIdentity.optional('instanceId') id?: string) {
    return { type: identity?.type ?? 'nobody', id: id ?? 'none' };
  }

  @Get('undecorated')
  undecorated(@WixIdentity('type') type: string) {
    return { type };
  }

  @Post('products')
  @WixUserAuth({ scopes: [MANAGE_PRODUCTS] })
  async create(
    @WixIdentity() user: WixUserIdentity,
    @WixIdentity('isSiteOwner') isSiteOwner: boolean,
    @WixIdentity('expiresAt') expiresAt: Date,
    @Body() { name }: ProductDto,
  ) {
    await this.tokens.onBehalfOf(user);
    return { name, isSiteOwner, frozen: Object.isFrozen(user), isDate: expiresAt instanceof Date };
  }
}

@Controller('closed')
@UseGuards(WixAuthGuard)
class ClosedController {
  @Get()
  closed() {
    return {};
  }

  @Get('open')
  @WixPublic()
  open() {
    return {};
  }
}

@Controller('opened')
@WixPublic()
class OpenedController {
  @Get()
  open() {
    return {};
  }

  @Get('closed')
  @WixUserAuth()
  closed() {
    return {};
  }
}

describe.each(platforms)('Routes under a global guard on %s', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
    running = await startApp(
      platform,
      {
        imports: [WixAuthTestingModule.forApp(wix, app, { globalGuard: true })],
        controllers: [ShopController, ClosedController, OpenedController],
      },
      {
        configure: (nest) => {
          nest.enableCors(wixCorsOptions({ origin: true }));
          nest.useGlobalPipes(
            new ValidationPipe({
              transform: true,
              validateCustomDecorators: true,
              whitelist: true,
              forbidNonWhitelisted: true,
            }),
          );
        },
      },
    );
  });
  beforeEach(() => {
    wix.resetLog();
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  const get = (path: string, credential?: string) => call(`${running.url}/${path}`, credential);
  const missing = { status: 401, body: { code: 'WIX_CREDENTIALS_MISSING' } };
  const malformed = { status: 401, body: { code: 'WIX_CREDENTIALS_MALFORMED' } };

  it('need a credential, decorated or not', async () => {
    for (const path of ['undecorated', 'closed', 'opened/closed']) {
      const answer = await get(path);
      expect(answer).toMatchObject(missing);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
    expect(await get('undecorated', siteWith(wix, app).memberToken())).toMatchObject({ body: { type: 'member' } });
  });

  it('answer preflights of Wix front ends, which have no credential', async () => {
    const answer = await call(`${running.url}/products`, undefined, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://shop.example.com',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-wix-linguist',
      },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://shop.example.com');
    expect(answer.headers.get('access-control-allow-headers')).toMatch(/authorization.*content-type.*x-wix-linguist/i);
  });

  it('that are public admit every caller, and ignore their credentials', async () => {
    for (const path of ['health', 'closed/open', 'opened']) {
      for (const credential of [undefined, 'rubbish', siteWith(wix, app).appToken()]) {
        expect(await get(path, credential)).toMatchObject({ status: 200 });
      }
    }
    expect(wix.count()).toBe(0);
  });

  describe('that are public and read the identity', () => {
    it('get it when the caller sent a good credential', async () => {
      const { install, visitorToken } = siteWith(wix, app);
      const greeted = { type: 'visitor', id: install.instanceId };
      const token = visitorToken();
      expect(await get('greeting', token)).toMatchObject({ status: 200, body: greeted });
      expect(await get('greeting', token)).toMatchObject({ status: 200, body: greeted });
      expect(wix.count(TOKEN_INFO)).toBe(1);
    });

    it('get undefined when the caller sent none', async () => {
      expect(await get('greeting')).toMatchObject({ status: 200, body: { type: 'nobody', id: 'none' } });
    });

    it('refuse a bad credential', async () => {
      expect(await get('greeting', 'rubbish')).toMatchObject(malformed);
      const revoked = siteWith(wix, app).ownerToken();
      wix.revoke(revoked);
      expect(await get('greeting', revoked)).toMatchObject({ status: 401, body: { code: 'WIX_CREDENTIALS_REJECTED' } });
    });

    it('answer 503 while Wix is down', async () => {
      wix.fail(TOKEN_INFO, { html: true, times: 1 });
      const answer = await get('greeting', siteWith(wix, app).ownerToken());
      expect(answer).toMatchObject({ status: 503, body: { code: 'WIX_UNAVAILABLE' } });
    });
  });

  describe('behind a strict ValidationPipe', () => {
    const create = (token: string, body: object) =>
      call(`${running.url}/products`, token, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });

    it('get the verified identity itself, usable on behalf of the caller', async () => {
      const site = siteWith(wix, app, MANAGE_PRODUCTS);
      const answer = await create(site.ownerToken(), { name: 'Mug' });
      expect(answer).toMatchObject({
        status: 201,
        body: { name: 'Mug', isSiteOwner: true, frozen: true, isDate: true },
      });
      expect(wix.count(TOKEN, { grantType: 'strip_bound_session' })).toBe(1);
    });

    it('validate their bodies after the guard', async () => {
      const site = siteWith(wix, app, MANAGE_PRODUCTS);
      expect(await create(site.ownerToken(), { name: 1 })).toMatchObject({ status: 400 });
      expect(await create(site.ownerToken(), { name: 'Mug', price: 1 })).toMatchObject({ status: 400 });
      expect(await create(site.visitorToken(), { name: 1 })).toMatchObject({ status: 403 });
    });
  });
});
