import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Logger } from '@nestjs/common';
import { WixEmulator } from 'nestjs-wix-auth/testing';
import type { FrameLocator, Page } from 'playwright-core';

import { emulatedSite } from '../support/sample/emulated-site.js';
import { startSample, type RunningSample } from '../support/sample/start-sample.js';
import { openChromium, type Window } from '../support/chromium.js';
import { freePort } from '../support/free-port.js';
import { startInstallApp } from '../support/install-app.js';
import { platforms } from '../support/running-app.js';

const SITE = 'Bulbs & Tulips';
const EXTERNAL = 'External install flow';
const CUSTOM = 'Custom authentication';

// The sample is on `localhost` and Wix on 127.0.0.1, which browsers take for two sites.
describe.each(platforms)('Adding the sample to a site, in Chromium, on %s', (platform) => {
  const folder = mkdtempSync(join(tmpdir(), 'sample-'));
  let wix: Awaited<ReturnType<typeof emulatedSite>>['wix'];
  let sample: RunningSample;
  let window: Window;
  let page: Page;

  beforeEach(async () => {
    Logger.overrideLogger(false);
    const site = await emulatedSite();
    ({ wix } = site);
    sample = await startSample(site, { platform, port: await freePort(), folder });
  });

  afterEach(async () => {
    await window.close();
    await sample.server.close();
    await wix.stop();
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const open = async (cookies: 'kept' | 'blocked'): Promise<void> => {
    window = await openChromium({ cookies });
    ({ page } = window);
  };

  const addToSite = async (flow: string): Promise<void> => {
    await page.goto(sample.marketUrl);
    await window.shot('1-add-to-site');
    await page.locator('section', { hasText: flow }).getByText('Add to Site').click();
    if (flow !== EXTERNAL) return;
    await page.waitForURL('**/install');
    await window.shot('2-sample-install');
    await page.getByText('Use the external install flow').click();
  };

  const agree = async (where: Page | FrameLocator = page): Promise<void> => {
    await where.getByLabel('Site').selectOption({ label: SITE });
    await window.shot('3-consent');
    await where.getByRole('button', { name: 'Agree & Add' }).click();
  };

  const heading = (where: Page | FrameLocator = page): Promise<string | null> =>
    where.getByRole('heading', { level: 1 }).textContent();

  it.each([
    [EXTERNAL, 'external'],
    [CUSTOM, 'custom-authentication'],
  ])(
    'leads from "Add to Site" to the page with the name of the site: %s',
    async (flow, name) => {
      await open('kept');
      await addToSite(flow);
      await agree();
      await page.waitForURL('**/install/welcome');
      await window.shot(`4-end-of-${name}`);
      expect(await heading()).toBe(`Welcome, ${SITE}`);
      expect(await page.content()).toContain(`It came by: ${name}.`);
      // What the OAuth state left in the browser is gone; the session is the sample's own.
      expect((await window.context.cookies()).map(({ name: cookie }) => cookie)).toEqual(['__Host-sample-session']);
    },
    30_000,
  );

  it('starts custom authentication at the app as well', async () => {
    await open('kept');
    await page.goto(sample.marketUrl);
    await page.getByText('Add to Site').first().click();
    await page.getByText('Use custom authentication').click();
    await agree();
    await page.waitForURL('**/install/welcome');
    expect(await heading()).toBe(`Welcome, ${SITE}`);
  });

  it('goes through custom authentication inside a frame of another site', async () => {
    await open('kept');
    await page.goto(sample.marketUrl);
    const appUrl = await page.locator('section', { hasText: CUSTOM }).getByRole('link').getAttribute('href');
    await page.setContent(`<h1>A page of Wix</h1><iframe width="800" height="450" src="${appUrl ?? ''}"></iframe>`);
    const frame = page.frameLocator('iframe');
    await agree(frame);
    await frame.getByText('Welcome').waitFor();
    await window.shot('5-framed');
    expect(await heading(frame)).toBe(`Welcome, ${SITE}`);
  });

  it.each([EXTERNAL, CUSTOM])(
    'explains what to do where cookies are blocked, on every attempt and without a loop: %s',
    async (flow) => {
      await open('blocked');
      await addToSite(flow);
      for (const walk of [1, 2]) {
        await agree();
        await page.getByText('WIX_INSTALL_COOKIE_MISSING').waitFor();
        await window.shot('6-cookies-blocked');
        expect(await page.content()).toContain('Allow cookies for this site');
        expect(wix.installer.callbacks).toHaveLength(walk);
        await page.getByRole('link', { name: 'Start again' }).click();
      }
      expect(wix.count('/oauth/access')).toBe(0);
      expect(await window.context.cookies()).toEqual([]);
    },
    30_000,
  );
});

describe('Custom authentication of an app without a return page, in a window that Wix opened', () => {
  it('ends on the page of Wix that closes the window and can still reach its opener', async () => {
    await using wix = await WixEmulator.start();
    const app = wix.addApp({ name: 'Teapot' });
    wix.addSite({ name: SITE });
    const backend = await startInstallApp(wix, app, { host: 'localhost', install: { customAuthentication: true } });
    app.redirectUrls = [backend.installs.addresses.redirectUrl];
    const window = await openChromium({ cookies: 'kept' });
    try {
      await window.page.goto(wix.marketUrl(app));
      const opened = window.page.waitForEvent('popup');
      const appUrl = wix.installer.openedFromMarket(app, backend.installs.addresses.appUrl);
      await window.page.evaluate(`void window.open(${JSON.stringify(appUrl)})`);
      const popup = await opened;
      await popup.getByRole('button', { name: 'Agree & Add' }).click();
      await popup.waitForURL('**/installer/close-window?**');
      expect(await popup.getByRole('heading', { level: 1 }).textContent()).toBe('Done');
      expect(await popup.evaluate('window.opener !== null')).toBe(true);
      expect(backend.told).toMatchObject([{ proven: true, instance: { site: { displayName: SITE } } }]);
    } finally {
      await window.close();
      await backend.app.close();
    }
  });
});
