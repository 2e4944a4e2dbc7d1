import { AppStrategy, createClient } from '@wix/sdk';
import { WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { MANAGE_PRODUCTS, READ_PRODUCTS, siteWith, TOKEN, TOKEN_INFO } from '../support/emulated-site.js';
import { call, platforms, type RunningApp } from '../support/running-app.js';
import { startStore } from '../support/store-app.js';

const WIX = 'https://www.wixapis.com';

describe.each(platforms)("Wix's own SDK and an app on %s", (platform) => {
  const realFetch = globalThis.fetch;
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
    running = await startStore(platform, wix, app);
  });
  beforeEach(() => {
    wix.resetLog();
    // The SDK knows one address of Wix only, and has no option for another.
    globalThis.fetch = (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      return realFetch(url.startsWith(WIX) ? wix.url + url.slice(WIX.length) : input, init);
    };
  });
  afterEach(() => {
    globalThis.fetch = realFetch;
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  /** A client as a front end of Wix makes it: its host hands it the token, and it sends it as it is. */
  const frontEndWith = (token: string) =>
    createClient({ auth: { getAuthHeaders: () => Promise.resolve({ headers: { Authorization: token } }) } });
  const backEndFor = (options: { readonly instanceId: string } | { readonly accessToken: string }) =>
    AppStrategy({ appId: app.appId, appSecret: app.appSecret, ...options });

  it('calls a guarded route from a dashboard page, as the user', async () => {
    const site = siteWith(wix, app, MANAGE_PRODUCTS);
    const { fetchWithAuth } = frontEndWith(site.ownerToken());
    const response = await fetchWithAuth(`${running.url}/products`, { method: 'POST' });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ userId: site.site.owner.userId });
  });

  it('is refused where its user lacks the permission', async () => {
    const site = siteWith(wix, app, MANAGE_PRODUCTS);
    const { fetchWithAuth } = frontEndWith(site.visitorToken());
    const response = await fetchWithAuth(`${running.url}/products`, { method: 'POST' });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'WIX_IDENTITY_NOT_ALLOWED' });
  });

  it('mints for an instance, and its token is admitted by an instance route', async () => {
    const { install } = siteWith(wix, app, READ_PRODUCTS);
    const auth = backEndFor({ instanceId: install.instanceId });
    const { fetchWithAuth } = createClient({ auth });
    expect((await fetchWithAuth(`${running.url}/instance`)).status).toBe(200);
    expect(wix.requests[0]).toMatchObject({ path: TOKEN, grantType: 'client_credentials', status: 200 });
    const { headers } = await auth.getAuthHeaders(undefined);
    expect(await call(`${running.url}/anyone`, headers['Authorization'])).toMatchObject({
      status: 200,
      body: { type: 'app', instanceId: install.instanceId },
    });
  });

  it('gives the same answer about a token as the guard', async () => {
    const site = siteWith(wix, app);
    for (const token of [site.ownerToken(), site.visitorToken(), site.memberToken(), site.appToken()]) {
      const info = await backEndFor({ accessToken: token }).getTokenInfo();
      const { body } = await call(`${running.url}/anyone`, token);
      expect(body).toMatchObject({
        type: info.subjectType.toLowerCase(),
        appId: info.clientId,
        instanceId: info.instanceId,
        siteId: info.siteId,
        expiresAt: new Date(info.exp * 1_000).toISOString(),
      });
    }
    expect(wix.count(TOKEN_INFO)).toBe(8);
  });

  it('elevates a visitor to the app, and that token is admitted by an instance route', async () => {
    const site = siteWith(wix, app, READ_PRODUCTS);
    const elevated = await backEndFor({ accessToken: site.visitorToken() }).elevated();
    const { fetchWithAuth } = createClient({ auth: elevated });
    expect((await fetchWithAuth(`${running.url}/instance`)).status).toBe(200);
  });

  it('exchanges the token of a front end, and a guard sees the same user', async () => {
    const site = siteWith(wix, app, MANAGE_PRODUCTS);
    const { fetchWithAuth } = createClient({ auth: backEndFor({ accessToken: site.ownerToken() }) });
    const response = await fetchWithAuth(`${running.url}/products`, { method: 'POST' });
    expect(await response.json()).toEqual({ userId: site.site.owner.userId });
    expect(wix.count(TOKEN, { grantType: 'strip_bound_session' })).toBe(1);
  });
});
