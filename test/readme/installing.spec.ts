import { createKeyv } from '@keyv/redis';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { trustedInstanceId, WixInstallService, WixTokenService } from 'nestjs-wix-auth';
import { emulatedOptions, WixEmulator, type EmulatedApp, type EmulatedSite } from 'nestjs-wix-auth/testing';

import { Browser, type Page } from '../support/browser.js';
import { freePort } from '../support/free-port.js';
import { RedisServer } from '../support/redis-server.js';
import { withCustomAuthentication } from './snippets/custom-authentication.js';
import { AddToSiteController, withInstallation } from './snippets/installation.js';

describe('Installing the app, as the README shows it', () => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let site: EmulatedSite;
  let running: INestApplication;
  let url: string;
  let browser: Browser;

  beforeEach(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp({ scopes: ['SCOPE.DC.MANAGE-YOUR-APP'] });
    site = wix.addSite();
    browser = new Browser();
  });

  afterEach(async () => {
    await running.close();
    await wix.stop();
  });

  const start = async (module: (publicUrl: string) => DynamicModule): Promise<void> => {
    const port = await freePort();
    url = `http://127.0.0.1:${String(port)}`;
    const parts = { imports: [module(url)], controllers: [AddToSiteController] };
    running = (await Test.createTestingModule(parts).compile()).createNestApplication();
    running.useLogger(false);
    await running.listen(port, '127.0.0.1');
  };

  const agree = (page: Page): Promise<Page> =>
    browser.submit(page, { siteId: site.siteId }, (address) => address.endsWith('/welcome'));

  it('by the external install flow', async () => {
    await start((publicUrl) => withInstallation(emulatedOptions(wix, app), publicUrl));
    const { html } = await browser.open(`${url}/add-to-site`);
    const button = /href="([^"]*)"/.exec(html)?.[1] ?? '';
    expect((await agree(await browser.open(button))).url).toBe(`${url}/welcome`);
  });

  it('by custom authentication, with refresh tokens in Redis', async () => {
    const redis = await RedisServer.start();
    const keyv = createKeyv(redis.url, { throwOnErrors: true });
    try {
      await start((publicUrl) => withCustomAuthentication(emulatedOptions(wix, app), publicUrl, keyv));
      const { addresses } = running.get(WixInstallService);
      app.redirectUrls = [addresses.redirectUrl];
      const page = await browser.open(wix.installer.openedFromMarket(app, addresses.appUrl));
      expect((await agree(page)).url).toBe(`${url}/welcome`);

      const instanceId = wix.installer.callbacks.at(-1)?.searchParams.get('instanceId') ?? '';
      await running.get(WixTokenService).accessTokenFor(trustedInstanceId(instanceId));
      expect(wix.count('/oauth/access', { grantType: 'refresh_token' })).toBe(1);
      expect(wix.count('/oauth2/token')).toBe(0);
    } finally {
      await keyv.disconnect();
      await redis.stop();
    }
  });
});
