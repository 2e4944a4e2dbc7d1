import { WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import {
  APP_INSTANCE,
  MANAGE_CONTRIBUTORS,
  MANAGE_PRODUCTS,
  READ_PRODUCTS,
  siteWith,
} from '../support/emulated-site.js';
import { FakeClock } from '../support/fake-clock.js';
import { call, platforms, type RunningApp } from '../support/running-app.js';
import { MANAGER, startStore } from '../support/store-app.js';

describe.each(platforms)('Grants that change on %s', (platform) => {
  const clock = new FakeClock();
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;

  beforeAll(async () => {
    wix = await WixEmulator.start({ now: () => clock.nowMs() });
    app = wix.addApp();
    running = await startStore(platform, wix, app, { clock });
  });
  beforeEach(() => {
    wix.resetLog();
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  const get = (path: string, token: string) => call(`${running.url}/${path}`, token);
  const post = (token: string) => call(`${running.url}/products`, token, { method: 'POST' });
  const lackedBy = (holder: string) => ({ status: 403, body: { code: 'WIX_SCOPE_MISSING', lackedBy: [holder] } });

  it('are requested once more before a caller is refused', async () => {
    const site = siteWith(wix, app, READ_PRODUCTS);
    expect(await get('instance', site.appToken())).toMatchObject({ status: 200 });
    clock.advance(60_000);
    site.install.grant(MANAGE_PRODUCTS);
    expect(await post(site.ownerToken())).toMatchObject({ status: 201 });
    expect(wix.count(APP_INSTANCE)).toBe(2);
  });

  it('are requested once in 30 seconds, however many callers are refused', async () => {
    const site = siteWith(wix, app);
    await get('instance', site.appToken());
    clock.advance(60_000);
    wix.resetLog();
    for (const token of Array.from({ length: 5 }, site.ownerToken)) {
      expect(await post(token)).toMatchObject(lackedBy('app'));
      clock.advance(5_000);
    }
    expect(wix.count(APP_INSTANCE)).toBe(1);

    site.install.grant(MANAGE_PRODUCTS);
    clock.advance(5_000);
    expect(await post(site.ownerToken())).toMatchObject({ status: 201 });
  });

  it('are requested again for users too', async () => {
    const { site, install } = siteWith(wix, app, MANAGE_PRODUCTS, MANAGE_CONTRIBUTORS);
    const user = site.addUser();
    const token = wix.mint.userToken(install, user);
    expect(await post(token)).toMatchObject(lackedBy('user'));
    user.roles = [MANAGER];
    clock.advance(30_000);
    expect(await post(token)).toMatchObject({ status: 201 });
  });

  it('are not requested for callers who are refused anyway', async () => {
    const { install, site, visitorToken } = siteWith(wix, app);
    await post(visitorToken());
    await post(wix.mint.userToken(install, site.owner, { expiresInSeconds: -1 }));
    expect(wix.count(APP_INSTANCE)).toBe(0);
  });

  it('apply no longer than grants.ttlMs after they were withdrawn', async () => {
    const site = siteWith(wix, app, READ_PRODUCTS);
    const token = site.appToken();
    expect(await get('instance', token)).toMatchObject({ status: 200 });
    site.install.setGrants([]);
    clock.advance(299_999);
    expect(await get('instance', token)).toMatchObject({ status: 200 });
    clock.advance(2);
    expect(await get('instance', token)).toMatchObject(lackedBy('app'));
  });

  it('need no request while they are cached', async () => {
    const site = siteWith(wix, app, MANAGE_PRODUCTS, MANAGE_CONTRIBUTORS);
    const token = site.userToken(MANAGER);
    await post(token);
    wix.resetLog();
    expect(await post(token)).toMatchObject({ status: 201 });
    expect(wix.count()).toBe(0);
  });
});
