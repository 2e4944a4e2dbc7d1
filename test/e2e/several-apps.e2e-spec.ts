import { Controller, Get, Module, type DynamicModule } from '@nestjs/common';
import { WixIdentity, WixUserAuth } from 'nestjs-wix-auth';
import { WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { APP_INSTANCE, MANAGE_PRODUCTS, READ_PRODUCTS, siteWith, TOKEN_INFO } from '../support/emulated-site.js';
import { call, platforms, startApp, type RunningApp } from '../support/running-app.js';

@Controller('flowers')
class FlowersController {
  @Get()
  @WixUserAuth({ scopes: [READ_PRODUCTS] })
  list(@WixIdentity('appId') appId: string) {
    return { appId };
  }
}

@Controller('books')
class BooksController {
  @Get()
  @WixUserAuth({ scopes: [READ_PRODUCTS] })
  list(@WixIdentity('appId') appId: string) {
    return { appId };
  }
}

@Module({ controllers: [FlowersController] })
class FlowersModule {}

@Module({ controllers: [BooksController] })
class BooksModule {}

describe.each(platforms)('Several apps in one process on %s', (platform) => {
  let wix: WixEmulator;
  let flowers: EmulatedApp;
  let books: EmulatedApp;
  let running: RunningApp;

  const feature = (module: DynamicModule['module'], app: EmulatedApp): DynamicModule => ({
    module,
    imports: [WixAuthTestingModule.forApp(wix, app, { isGlobal: false })],
  });

  beforeAll(async () => {
    wix = await WixEmulator.start();
    [flowers, books] = [wix.addApp(), wix.addApp()];
    running = await startApp(platform, { imports: [feature(FlowersModule, flowers), feature(BooksModule, books)] });
  });
  beforeEach(() => {
    wix.resetLog();
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  const get = (path: string, token: string) => call(`${running.url}/${path}`, token);

  it('each accept the tokens issued for them', async () => {
    const [flowerShop, bookShop] = [siteWith(wix, flowers, READ_PRODUCTS), siteWith(wix, books, READ_PRODUCTS)];
    expect(await get('flowers', flowerShop.ownerToken())).toMatchObject({ body: { appId: flowers.appId } });
    expect(await get('books', bookShop.ownerToken())).toMatchObject({ body: { appId: books.appId } });
  });

  it('each refuse the tokens of the other, even those the other has just verified', async () => {
    const token = siteWith(wix, flowers, READ_PRODUCTS).ownerToken();
    expect(await get('flowers', token)).toMatchObject({ status: 200 });
    expect(await get('books', token)).toMatchObject({ status: 401, body: { code: 'WIX_CREDENTIALS_WRONG_APP' } });
    expect(wix.count(TOKEN_INFO)).toBe(1);
  });

  it('each request their own grants on a site that has both', async () => {
    const site = wix.addSite();
    const ofFlowers = wix.install(flowers, site, { grants: [MANAGE_PRODUCTS] });
    const ofBooks = wix.install(books, site);
    expect(await get('flowers', wix.mint.userToken(ofFlowers, site.owner))).toMatchObject({ status: 200 });
    expect(await get('books', wix.mint.userToken(ofBooks, site.owner))).toMatchObject({ body: { lackedBy: ['app'] } });
    expect(wix.count(APP_INSTANCE)).toBe(2);
  });

  it('do not guard modules that import neither', async () => {
    const start = startApp(platform, { imports: [feature(FlowersModule, flowers), BooksModule] });
    await expect(start).rejects.toThrow(/WixUserGuard/);
  });
});
