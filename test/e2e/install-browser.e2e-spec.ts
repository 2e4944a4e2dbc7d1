import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Controller, Get, Header, Module, Query } from '@nestjs/common';
import { trustedInstanceId } from 'nestjs-wix-auth';
import { WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

import { WixInstallService } from '../../src/install/wix-install.service.js';
import { startInstallApp, type InstallApp } from '../support/install-app.js';

const CHROMIUM = [process.env['CHROMIUM_PATH'] ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const LAUNCH = CHROMIUM === undefined ? {} : { executablePath: CHROMIUM };
const SCREENSHOTS = join(process.cwd(), '.tmp/screenshots');

@Controller()
class WelcomeController {
  constructor(private readonly installs: WixInstallService) {}

  @Get('add')
  @Header('content-type', 'text/html')
  add(): string {
    return `<h1>Our app</h1><a href="${this.installs.installUrl({ returnTo: '/welcome' })}">Add to site</a>`;
  }

  @Get('welcome')
  @Header('content-type', 'text/html')
  async welcome(@Query('instance') instance?: string): Promise<string> {
    if (instance === undefined) return '<h1>Welcome</h1>';
    const { site } = await this.installs.instanceOf(trustedInstanceId(instance));
    return `<h1>Welcome, ${site.displayName ?? ''}</h1>`;
  }
}

@Module({ controllers: [WelcomeController] })
class WelcomeModule {}

// The app is on `localhost` and Wix on 127.0.0.1, which browsers take for two sites.
describe('Installing in Chromium', () => {
  let browser: Browser;
  let wix: WixEmulator;
  let app: EmulatedApp;
  let backend: InstallApp;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    if (CHROMIUM === undefined)
      throw new Error('This test needs Chromium: apt-get install chromium, or CHROMIUM_PATH.');
    browser = await chromium.launch({ ...LAUNCH, args: FLAGS });
    mkdirSync(SCREENSHOTS, { recursive: true });
  }, 60_000);

  afterAll(() => browser.close());

  beforeEach(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp({ name: 'Teapot', scopes: ['SCOPE.DC.MANAGE-YOUR-APP'] });
    wix.addSite({ name: 'First site' });
    wix.addSite({ name: 'Cup & Saucer' });
    backend = await startInstallApp(wix, app, {
      host: 'localhost',
      install: { customAuthentication: true },
      imports: [WelcomeModule],
      hooks: ({ flow, instanceId }) =>
        Promise.resolve(flow === 'external' ? { redirectTo: `/welcome?instance=${instanceId}` } : undefined),
    });
    app.redirectUrls = [backend.installs.addresses.redirectUrl];
    context = await browser.newContext();
    page = await context.newPage();
  });

  afterEach(async () => {
    await context.close();
    await backend.app.close();
    await wix.stop();
  });

  const consent = async (): Promise<void> => {
    await page.getByLabel('Site').selectOption({ label: 'Cup & Saucer' });
    await shot('consent');
    await page.getByRole('button', { name: 'Agree & Add' }).click();
  };

  const shot = (name: string): Promise<unknown> =>
    page.screenshot({
      path: join(SCREENSHOTS, `${expect.getState().currentTestName?.replace(/\W+/g, '-') ?? ''}-${name}.png`),
    });

  it('walks the external flow from "Add to site" to a page that shows the name of the site', async () => {
    await page.goto(`${backend.url}/add`);
    await shot('start');
    await page.getByText('Add to site').click();
    await consent();
    await page.waitForURL('**/welcome?**');
    expect(await page.getByRole('heading').textContent()).toBe('Welcome, Cup & Saucer');
    await shot('end');
    expect(await context.cookies()).toEqual([]);
  });

  it('walks custom authentication from the App Market to the page that closes the window', async () => {
    await page.goto(wix.installer.openedFromMarket(app, backend.installs.addresses.appUrl));
    await consent();
    await page.waitForURL('**/installer/close-window?**');
    expect(await page.getByRole('heading').textContent()).toBe('Done');
    await shot('end');
    expect(backend.told).toMatchObject([{ proven: true, instance: { site: { displayName: 'Cup & Saucer' } } }]);
  });

  it('walks custom authentication inside a frame of another site', async () => {
    const address = wix.installer.openedFromMarket(app, backend.installs.addresses.appUrl);
    await page.goto(`${wix.url}/app-installer?appId=${app.appId}&postInstallationUrl=https://unused.example/`);
    await page.setContent(`<iframe width="700" height="500" src="${address}"></iframe>`);
    const frame = page.frameLocator('iframe');
    await frame.getByLabel('Site').selectOption({ label: 'Cup & Saucer' });
    await frame.getByRole('button', { name: 'Agree & Add' }).click();
    expect(await frame.getByRole('heading', { name: 'Done' }).textContent()).toBe('Done');
    await shot('end');
    expect(backend.told).toMatchObject([{ proven: true }]);
  });

  it('shows a clear page where cookies are blocked, and no loop', async () => {
    const profile = mkdtempSync(join(tmpdir(), 'no-cookies-'));
    mkdirSync(join(profile, 'Default'));
    const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
    writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify(preferences));
    const blocking = await chromium.launchPersistentContext(profile, { ...LAUNCH, args: FLAGS });
    page = await blocking.newPage();
    await page.goto(`${backend.url}/add`);
    await page.getByText('Add to site').click();
    await consent();
    await page.waitForURL('**/callback?**');
    expect(await page.content()).toContain('WIX_INSTALL_COOKIE_MISSING');
    await shot('end');
    await blocking.close();
    rmSync(profile, { recursive: true });
    expect(backend.told).toEqual([]);
  });
});
