import { createKeyv } from '@keyv/redis';
import { InMemoryRefreshTokenStore, RefreshTokenStore } from 'nestjs-wix-auth';
import { WixEmulator, type EmulatedApp, type EmulatedSite } from 'nestjs-wix-auth/testing';

import { Browser } from '../support/browser.js';
import { startInstallApp, type InstallApp } from '../support/install-app.js';
import { RedisServer } from '../support/redis-server.js';

// Two applications with nothing in common but a Redis and the refresh tokens stand for two processes.
describe('A callback that is opened more than once, in two processes that share a Redis', () => {
  let redis: RedisServer;
  let wix: WixEmulator;
  let app: EmulatedApp;
  let site: EmulatedSite;
  let one: InstallApp;
  let other: InstallApp;

  beforeEach(async () => {
    redis = await RedisServer.start();
    wix = await WixEmulator.start();
    app = wix.addApp({ scopes: ['SCOPE.DC.MANAGE-YOUR-APP'] });
    site = wix.addSite();
    const refreshTokens = new InMemoryRefreshTokenStore();
    const start = (publicUrl?: string): Promise<InstallApp> =>
      startInstallApp(wix, app, {
        auth: { cache: { stores: [createKeyv(redis.url)] } },
        install: { customAuthentication: true, ...(publicUrl === undefined ? {} : { publicUrl }) },
        providers: [{ provide: RefreshTokenStore, useValue: refreshTokens }],
      });
    one = await start();
    other = await start(one.url);
    app.redirectUrls = [one.installs.addresses.redirectUrl];
  });

  afterEach(async () => {
    await Promise.all([one.app.close(), other.app.close()]);
    await wix.stop();
    await redis.stop();
  });

  /** Walks to the callback without opening it; answers what opens it, at one process or the other. */
  async function walk(startUrl: string): Promise<(at: InstallApp) => Promise<string>> {
    const browser = new Browser();
    const isCallback = (url: string): boolean => url.startsWith(one.url) && url.includes('instanceId=');
    const end = await browser.submit(await browser.open(startUrl), { siteId: site.siteId }, isCallback);
    const [cookie = ''] = browser.setCookies.at(-1)?.split(';') ?? [];
    return async ({ url }) => {
      const answer = await fetch(end.url.replace(one.url, url), { headers: { cookie }, redirect: 'manual' });
      return answer.status < 400 ? 'done' : (/WIX_INSTALL_\w+/.exec(await answer.text())?.[0] ?? 'no code');
    };
  }

  const told = (): number => one.told.length + other.told.length;

  it.each([
    ['external', () => one.installs.installUrl()],
    ['custom-authentication', () => wix.installer.openedFromMarket(app, one.installs.addresses.appUrl)],
  ])('counts once, even at the same moment: %s', async (_flow, startUrl) => {
    const open = await walk(startUrl());
    const answers = await Promise.all([open(one), open(other), open(one), open(other)]);
    expect(answers.filter((answer) => answer === 'done')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'WIX_INSTALL_STATE_USED')).toHaveLength(3);
    expect(await open(one)).toBe('WIX_INSTALL_STATE_USED');
    expect(await open(other)).toBe('WIX_INSTALL_STATE_USED');
    expect(told()).toBe(1);
  });

  it('may be opened at the other process when Wix was unavailable', async () => {
    const open = await walk(one.installs.installUrl());
    wix.fail('/apps/v1/instance', { status: 403, times: 1 });
    expect(await open(one)).toBe('WIX_INSTALL_UNAVAILABLE');
    expect(await open(other)).toBe('done');
    expect(told()).toBe(1);
  });
});
