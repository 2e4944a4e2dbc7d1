import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { WixEmulator, type EmulatedApp, type EmulatedSite } from 'nestjs-wix-auth/testing';

import { Browser } from '../support/browser.js';
import { compileInto, kill, startProcess } from '../support/compiled.js';
import { freePort } from '../support/free-port.js';
import type { BackendSetup, TokenRequest } from './install-processes/backend.js';

describe('A backend killed in the middle of an installation', () => {
  const home = mkdtempSync(join(tmpdir(), 'install-crash-'));
  const main = join(home, 'test/e2e/install-processes/backend.js');
  let wix: WixEmulator;
  let app: EmulatedApp;
  let site: EmulatedSite;
  let setup: BackendSetup;
  let backend: ChildProcess;

  beforeAll(() =>
    compileInto(home, ['test/e2e/install-processes', 'test/support/install-app.ts', 'test/support/free-port.ts']),
  );
  afterAll(() => rmSync(home, { recursive: true }));

  beforeEach(async () => {
    wix = await WixEmulator.start({ variants: { refreshTokens: 'rotated' } });
    const port = await freePort();
    const url = `http://127.0.0.1:${String(port)}/wix/install`;
    app = wix.addApp({ scopes: ['SCOPE.DC.MANAGE-YOUR-APP'], redirectUrls: [`${url}/redirect`] });
    site = wix.addSite();
    const { appId, appSecret } = app;
    setup = { wix: { url: wix.url }, app: { appId, appSecret }, port, folder: mkdtempSync(join(home, 'tokens-')) };
    backend = await startProcess(main, setup);
  });

  afterEach(async () => {
    await kill(backend);
    await wix.stop();
  });

  const install = async () => {
    const browser = new Browser();
    const consent = await browser.open(
      wix.installer.openedFromMarket(app, `http://127.0.0.1:${String(setup.port)}/wix/install/app-url`),
    );
    return browser.submit(consent, { siteId: site.siteId });
  };

  /** Kills the backend while it waits for an answer, starts it again, and says whose token it gets then. */
  async function killDuring(path: string): Promise<void> {
    wix.fail(path, { hang: true, times: 1 });
    const cutOff = install().catch(() => 'cut off');
    await wix.waitFor(path);
    await kill(backend);
    expect(await cutOff).toBe('cut off');
    backend = await startProcess(main, setup);
    wix.resetLog();
  }

  function askForToken(forceRefresh: boolean): void {
    const instanceId = wix.installer.callbacks.at(-1)?.searchParams.get('instanceId') ?? '';
    backend.send({ instanceId, forceRefresh } satisfies TokenRequest);
  }

  async function token(): Promise<string> {
    const said = once(backend, 'message');
    askForToken(false);
    return String((await said)[0]);
  }

  it('has stored nothing between the exchange and the check, and can be installed again', async () => {
    await killDuring('/oauth2/token-info');
    expect(await token()).toMatch(/^OauthNG/);
    expect(wix.count('/oauth/access')).toBe(0);
    expect((await install()).url).toContain('/installer/close-window');
  });

  it('has the refresh token when it was stored before the response', async () => {
    await killDuring('/apps/v1/instance');
    expect(await token()).toMatch(/^OauthNG/);
    expect(wix.count('/oauth/access', { grantType: 'refresh_token' })).toBe(1);
    expect(wix.count('/oauth2/token')).toBe(0);
    expect((await install()).url).toContain('/installer/close-window');
  });

  it('falls back to client credentials when killed between the rotation at Wix and the write', async () => {
    await install();
    wix.resetLog();
    // Carried out by Wix, and the answer was lost.
    wix.fail('/oauth/access', { until: new Promise(() => undefined), times: 1 });
    askForToken(true);
    await wix.waitFor('/oauth/access');
    await kill(backend);

    // The one that died has a right to the token that ends after a while.
    backend = await startProcess(main, { ...setup, aheadMs: 60_000 });
    expect(await token()).toMatch(/^OauthNG/);
    expect(wix.count('/oauth/access', { grantType: 'refresh_token' })).toBe(2);
    expect(wix.requests.find(({ path, status }) => path === '/oauth/access' && status === 400)).toBeDefined();
    expect(wix.count('/oauth2/token')).toBe(1);

    // A new consent mends it for good.
    expect((await install()).url).toContain('/installer/close-window');
    wix.resetLog();
    askForToken(true);
    await wix.waitFor('/oauth/access');
    expect(wix.count('/oauth2/token')).toBe(0);
  });
});
