import { AppStrategy, createClient, OAuthStrategy } from '@wix/sdk';

import { emulatedPlatform, READ, type EmulatedPlatform } from './emulated-platform.js';

const WIX = 'https://www.wixapis.com';

describe("Wix's own SDK against the emulator", () => {
  const realFetch = globalThis.fetch;
  let platform: EmulatedPlatform;

  beforeEach(async () => {
    // The SDK compares expiry with the machine's clock.
    platform = await emulatedPlatform({ now: Date.now });
    globalThis.fetch = (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      if (!url.startsWith(WIX)) return realFetch(input, init);
      return realFetch(platform.wix.url + url.slice(WIX.length), init);
    };
  });
  afterEach(async () => {
    globalThis.fetch = realFetch;
    await platform.wix.stop();
  });

  const strategy = (options: { readonly instanceId: string } | { readonly accessToken: string }) =>
    AppStrategy({ appId: platform.app.appId, appSecret: platform.app.appSecret, ...options });

  const products = (auth: ReturnType<typeof strategy>) =>
    createClient({ auth }).fetchWithAuth(`${WIX}/stores/v3/products/query`);

  it('mints a token for an instance once, and reuses it', async () => {
    const { wix, install, site } = platform;
    install.grant(READ);
    site.addProduct({ name: 'Mug' });
    const auth = strategy({ instanceId: install.instanceId });

    for (const response of [await products(auth), await products(auth), await products(auth)]) {
      expect(await response.json()).toMatchObject({ products: [{ name: 'Mug' }] });
    }
    expect(wix.count('/oauth2/token', { grantType: 'client_credentials' })).toBe(1);
  });

  it('reports the request id when it may not mint', async () => {
    const { app, wix } = platform;
    const wrong = AppStrategy({ appId: app.appId, appSecret: 'wrong', instanceId: platform.install.instanceId });
    await expect(wrong.getAuthHeaders(undefined)).rejects.toThrow(/401, request id: \d+\.\d+/);
    expect(wix.requests[0]?.status).toBe(401);
  });

  it('introspects the token of its caller', async () => {
    const { wix, install, site, app } = platform;
    const accessToken = wix.mint.userToken(install, site.owner);
    expect(await strategy({ accessToken }).getTokenInfo()).toMatchObject({
      active: true,
      subjectType: 'USER',
      subjectId: site.owner.userId,
      clientId: app.appId,
      instanceId: install.instanceId,
    });
  });

  it('exchanges the token of a front end and calls Wix as that user', async () => {
    const { wix, install, site } = platform;
    install.grant(READ);
    const allowed = site.addUser({ permissions: [READ] });
    const status = async (accessToken: string) => (await products(strategy({ accessToken }))).status;

    expect(await status(wix.mint.userToken(install, allowed))).toBe(200);
    expect(await status(wix.mint.userToken(install, site.addUser()))).toBe(403);
    expect(wix.count('/oauth2/token', { grantType: 'strip_bound_session' })).toBe(2);
  });

  it('elevates a visitor to the app, and no caller of another app', async () => {
    const { wix, install, site } = platform;
    install.grant(READ);
    const accessToken = wix.mint.visitorToken(install, site.addVisitor());
    const elevated = await strategy({ accessToken }).elevated();
    expect((await products(elevated)).status).toBe(200);

    const foreign = wix.mint.userToken(wix.install(wix.addApp(), site), site.owner);
    await expect(strategy({ accessToken: foreign }).elevated()).rejects.toThrow(/not issued for the app/);
  });

  it('gets and renews visitor tokens', async () => {
    const { wix, app } = platform;
    const auth = OAuthStrategy({ clientId: app.appId });
    const tokens = await auth.generateVisitorTokens();
    expect(tokens.accessToken.expiresAt * 1000).toBeGreaterThan(Date.now());
    const renewed = await auth.renewToken(tokens.refreshToken);
    expect(renewed.accessToken.value).not.toBe(tokens.accessToken.value);
    expect(wix.count('/oauth2/token')).toBe(2);
  });
});
