import { trustedInstanceId, WixHttpService, WixTokenService } from 'nestjs-wix-auth';
import { WixEmulator, type EmulatedApp, type EmulatedSite } from 'nestjs-wix-auth/testing';
import { lastValueFrom } from 'rxjs';

import { InMemoryRefreshTokenStore } from '../../src/install/refresh-tokens/in-memory-refresh-token.store.js';
import { RefreshTokenStore } from '../../src/install/refresh-tokens/refresh-token.store.js';
import { Browser, type Page } from '../support/browser.js';
import { startInstallApp, type InstallApp, type InstallAppOptions } from '../support/install-app.js';
import { platforms } from '../support/running-app.js';

const OTHER_ID = '12345678-1234-4234-8234-123456789012';
const SCOPES = ['SCOPE.DC.MANAGE-YOUR-APP', 'SCOPE.DC-STORES.READ-PRODUCTS'];

class SpiedStore extends InMemoryRefreshTokenStore {
  readonly written: string[] = [];
  isDown = false;

  override get(key: string): Promise<string | undefined> {
    return this.isDown ? Promise.reject(new Error('down')) : super.get(key);
  }

  override replace(key: string, expected: string | undefined, value: string): Promise<boolean> {
    this.written.push(value);
    return super.replace(key, expected, value);
  }
}

describe.each(platforms)('Installing by custom authentication on %s', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let site: EmulatedSite;
  let browser: Browser;
  let store: SpiedStore;
  const running: InstallApp[] = [];

  beforeEach(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp({ scopes: SCOPES });
    site = wix.addSite({ name: 'Cup & Saucer' });
    browser = new Browser();
    store = new SpiedStore();
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map(({ app: nest }) => nest.close()));
    await wix.stop();
  });

  const start = async (options: InstallAppOptions = {}): Promise<InstallApp> => {
    const started = await startInstallApp(wix, app, {
      platform,
      providers: [{ provide: RefreshTokenStore, useValue: store }],
      ...options,
      install: { customAuthentication: true, ...options.install },
    });
    app.redirectUrls = [started.installs.addresses.redirectUrl];
    running.push(started);
    return started;
  };

  const consent = (backend: InstallApp): Promise<Page> =>
    browser.open(wix.installer.openedFromMarket(app, backend.installs.addresses.appUrl));

  const install = async (backend: InstallApp): Promise<Page> =>
    browser.submit(await consent(backend), { siteId: site.siteId });

  const instanceText = () => wix.installer.callbacks.at(-1)?.searchParams.get('instanceId') ?? '';
  const instanceId = () => trustedInstanceId(instanceText());

  const tokens = ({ app: nest }: InstallApp): WixTokenService => nest.get(WixTokenService);

  const refusal = async (backend: InstallApp): Promise<{ status: number; code: string | undefined }> => {
    const { status, html } = await install(backend);
    return { status, code: /WIX_INSTALL_\w+/.exec(html)?.[0] };
  };

  it('leads from the App Market to the page that closes the window', async () => {
    const backend = await start();
    const page = await install(backend);
    expect(page.status).toBe(200);
    expect(wix.installer.closedWindows.map(({ site: { name } }) => name)).toEqual(['Cup & Saucer']);
    expect(backend.told).toMatchObject([
      { flow: 'custom-authentication', proven: true, user: undefined, instance: { site: { siteId: site.siteId } } },
    ]);
  });

  it('proves no person without the cookie, where that is allowed, but proves the installation', async () => {
    const backend = await start({ install: { cookie: 'optional' } });
    browser.keepsCookies = false;
    const page = await install(backend);
    expect(backend.told).toMatchObject([{ flow: 'custom-authentication', proven: false, user: undefined }]);
    expect(store.written).not.toEqual([]);
    // The address that closes Wix's window holds an access token of the app.
    expect([page.status, page.via.join()]).toEqual([200, expect.not.stringContaining('access_token')]);
  });

  it('starts at the app as well, without a token of Wix', async () => {
    const backend = await start();
    const page = await browser.open(`${backend.installs.addresses.appUrl}?returnTo=/welcome`);
    const landed = await browser.submit(page, { siteId: site.siteId }, (url) => url.endsWith('/welcome'));
    expect(landed.url).toBe(`${backend.url}/welcome`);
  });

  it('lets other windows reach these pages, and frames show them', async () => {
    const backend = await start();
    for (const path of ['app-url', 'redirect']) {
      const { headers } = await fetch(`${backend.url}/wix/install/${path}`, { redirect: 'manual' });
      expect(headers.get('cross-origin-opener-policy')).toBe('unsafe-none');
      expect(headers.get('x-frame-options')).toBeNull();
    }
  });

  it('gets tokens by the refresh token from then on, which is unreadable in the store', async () => {
    const backend = await start();
    await install(backend);
    wix.resetLog();
    const token = await tokens(backend).accessTokenFor(instanceId(), { forceRefresh: true });

    expect(wix.count('/oauth/access', { grantType: 'refresh_token' })).toBe(1);
    expect(wix.count('/oauth2/token')).toBe(0);
    expect(token.expiresAt.getTime() - Date.now()).toBeGreaterThan(299_000);
    const sent = wix.requests.find(({ path }) => path === '/oauth/access')?.rawBody ?? '';
    const refreshToken = /JWS\.[\w.-]+/.exec(sent)?.[0] ?? 'none';
    expect(refreshToken).toMatch(/^JWS/);
    expect(store.written.join()).not.toContain(refreshToken);
  });

  it('calls Wix as the installation from then on, even after its token expired', async () => {
    const backend = await start();
    await install(backend);
    site.addProduct({ name: 'Cup', price: 3 });
    const call = async (): Promise<unknown> => {
      const client = backend.app.get(WixHttpService).asInstance(instanceId());
      return (await lastValueFrom(client.get('/stores/v3/products/query'))).data;
    };
    expect(JSON.stringify(await call())).toContain('Cup');
    wix.revoke((await tokens(backend).accessTokenFor(instanceId())).value);
    expect(JSON.stringify(await call())).toContain('Cup');
    expect(wix.count('/oauth2/token')).toBe(0);
  });

  it('uses each new refresh token that Wix returns', async () => {
    wix.variants.refreshTokens = 'rotated';
    const backend = await start();
    await install(backend);
    wix.resetLog();
    for (let count = 0; count < 3; count += 1)
      await tokens(backend).accessTokenFor(instanceId(), { forceRefresh: true });
    expect(wix.count('/oauth/access', { grantType: 'refresh_token' })).toBe(3);
    expect(wix.count('/oauth2/token')).toBe(0);
  });

  it('falls back to client credentials only when Wix rejects the refresh token', async () => {
    const backend = await start();
    await install(backend);
    const force = () => tokens(backend).accessTokenFor(instanceId(), { forceRefresh: true });

    const outage = wix.fail('/oauth/access', { status: 503 });
    await expect(force()).rejects.toMatchObject({ code: 'WIX_UNAVAILABLE' });
    outage.clear();
    const unclear = wix.fail('/oauth/access', { status: 400, body: { error: 'invalid_request' } });
    await expect(force()).rejects.toMatchObject({ code: 'WIX_UNAVAILABLE' });
    unclear.clear();
    store.isDown = true;
    await expect(force()).rejects.toMatchObject({ code: 'WIX_UNAVAILABLE' });
    store.isDown = false;
    expect(wix.count('/oauth2/token')).toBe(0);

    wix.fail('/oauth/access', { status: 400, body: { error: 'invalid_grant' } });
    await force();
    expect(wix.count('/oauth2/token')).toBe(1);
  });

  it('uses client credentials for a clone, which gave no consent', async () => {
    const backend = await start();
    await install(backend);
    const clone = wix.install(app, wix.addSite(), { originInstanceId: instanceText() });
    await tokens(backend).accessTokenFor(trustedInstanceId(clone.instanceId));
    expect(wix.count('/oauth2/token')).toBe(1);
  });

  it('refuses a redirect URL that is not registered, on a page of Wix', async () => {
    const backend = await start();
    app.redirectUrls = ['https://elsewhere.example/'];
    const page = await consent(backend);
    expect(page.status).toBe(400);
    expect(page.html).toContain('find an app with this redirect url');
    expectNothingHappened(backend);
  });

  describe('refuses, and stores nothing', () => {
    it.each([
      ['a state that was dropped', { state: 'dropped' }, 'WIX_INSTALL_STATE_MISSING'],
      ['a state that was altered', { state: 'altered' }, 'WIX_INSTALL_STATE_REJECTED'],
      ['a code that is too old', { code: 'expired' }, 'WIX_INSTALL_CODE_REJECTED'],
      ["the code of one site under another's name", { instanceId: OTHER_ID }, 'WIX_INSTALL_TOKEN_REJECTED'],
      ['an instance id that is none', { instanceId: 'x' }, 'WIX_INSTALL_QUERY_MALFORMED'],
    ] as const)('%s', async (_what, faults, code) => {
      const backend = await start();
      Object.assign(wix.installer.faults, faults);
      expect(await refusal(backend)).toEqual({ status: 400, code });
      expectNothingHappened(backend);
    });

    it('a code that was exchanged before', async () => {
      const backend = await start();
      await install(backend);
      store.written.length = 0;
      wix.installer.faults.code = 'reused';
      expect(await refusal(backend)).toEqual({ status: 400, code: 'WIX_INSTALL_CODE_USED' });
      expect(store.written).toEqual([]);
      expect(backend.told).toHaveLength(1);
    });

    it('a state that was used before', async () => {
      const backend = await start();
      await install(backend);
      store.written.length = 0;
      wix.installer.faults.state = 'replayed';
      expect(await refusal(backend)).toEqual({ status: 400, code: 'WIX_INSTALL_STATE_USED' });
      expect(store.written).toEqual([]);
    });

    it('a callback of the other flow', async () => {
      const backend = await start();
      wix.installer.faults.callbackUrl = `${backend.url}/wix/install/callback`;
      expect(await refusal(backend)).toEqual({ status: 400, code: 'WIX_INSTALL_WRONG_CALLBACK' });
      expectNothingHappened(backend);
    });

    it('no code', async () => {
      const backend = await start();
      const page = await consent(backend);
      const state = new URL(page.url).searchParams.get('state') ?? '';
      const landed = await browser.open(
        `${backend.url}/wix/install/redirect?${new URLSearchParams({ state, instanceId: OTHER_ID }).toString()}`,
      );
      expect(landed.html).toContain('WIX_INSTALL_CODE_MISSING');
      expectNothingHappened(backend);
    });

    it('tokens that Wix calls inactive', async () => {
      const backend = await start();
      wix.fail('/oauth2/token-info', { status: 200, body: { active: false } });
      expect(await refusal(backend)).toEqual({ status: 400, code: 'WIX_INSTALL_TOKEN_REJECTED' });
      expectNothingHappened(backend);
    });

    it('a browser that does not store cookies', async () => {
      const backend = await start();
      browser.keepsCookies = false;
      expect(await refusal(backend)).toEqual({ status: 400, code: 'WIX_INSTALL_COOKIE_MISSING' });
      expectNothingHappened(backend);
    });

    it('an installation whose refresh token cannot be stored', async () => {
      const backend = await start();
      store.isDown = true;
      expect(await refusal(backend)).toEqual({ status: 503, code: 'WIX_INSTALL_UNAVAILABLE' });
      expectNothingHappened(backend);
    });
  });

  it('warns about a store that loses refresh tokens', async () => {
    expect((await start()).log.join('\n')).toContain('Refresh tokens are stored in memory');
  });

  function expectNothingHappened(backend: InstallApp): void {
    expect(store.written).toEqual([]);
    expect(backend.told).toEqual([]);
    const secrets = wix.installer.callbacks
      .flatMap(({ searchParams }) => [...searchParams])
      .filter(([name]) => ['state', 'code'].includes(name))
      .map(([, value]) => value);
    const logged = backend.log.join('\n');
    for (const secret of [...secrets, app.appSecret]) expect(logged).not.toContain(secret);
    expect(logged).not.toMatch(/JWS\.|token=\w/);
  }
});
