import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Locator, Page } from 'playwright-core';

import { startEmulatorProgram, type EmulatorProgram } from '../../src/testing/emulator/program/emulator-program.js';
import { openChromium, type Window } from '../support/chromium.js';
import { ContactHandler, MANAGE_PRODUCTS, MANAGER_ROLE, startConsoleApp } from '../support/console-app.js';
import { builtConsolePages } from '../support/console-pages.js';
import { freePort } from '../support/free-port.js';
import { platforms, type RunningApp } from '../support/running-app.js';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const READ_PRODUCTS = 'SCOPE.DC-STORES.READ-PRODUCTS';
const CONTRIBUTORS = 'SCOPE.DC-IDENTITY.MANAGE-CONTRIBUTORS';
const PAGES = ['overview', 'dashboard', 'try', 'grants', 'events', 'install', 'faults', 'requests'];

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { html: string }[];
  }[];
}

let pageFolder: string;

beforeAll(async () => {
  pageFolder = await builtConsolePages();
});
afterAll(() => {
  rmSync(pageFolder, { recursive: true });
});

// The application is on `localhost` and Wix on 127.0.0.1, which browsers take for two sites.
describe.each(platforms)('The console in Chromium, with an application on %s', (platform) => {
  let cwd: string;
  let program: EmulatorProgram;
  let app: RunningApp;
  let window: Window;
  let page: Page;

  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'console-'));
    const port = await freePort();
    const appUrl = `http://localhost:${String(port)}`;
    writeFileSync(join(cwd, 'wix-emulator.json'), JSON.stringify(scenario(appUrl)));
    program = await startEmulatorProgram({ cwd, port: 0, pageFolder, version: '0.0.0-test', warn: () => undefined });
    app = await startConsoleApp(platform, port, program);
    window = await openChromium({ cookies: 'kept' });
    ({ page } = window);
    await page.setViewportSize({ width: 1280, height: 900 });
  });
  afterAll(async () => {
    await window.close();
    await app.close();
    await program.stop();
    rmSync(cwd, { recursive: true });
  });

  const open = async (name: string, as = 'owner'): Promise<void> => {
    await page.goto('about:blank');
    await page.goto(`${program.url}/_emulator/?page=${name}&as=${as}#key=${program.key}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
  };
  const settled = (locator: Locator): Promise<void> => locator.first().waitFor();
  const sendTry = async (path: string): Promise<void> => {
    await page.getByLabel('Path').fill(path);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
  };

  it('removes the key from the address, and shows the application as connected', async () => {
    await open('overview');
    expect(page.url()).not.toContain(program.key);
    await settled(page.getByText('● app reachable'));
    await page.getByRole('button', { name: 'Show WIX_APP_SECRET' }).waitFor();
    expect(await page.content()).not.toContain(program.app.app.appSecret);
    await page.getByRole('button', { name: 'Show WIX_APP_SECRET' }).click();
    await settled(page.getByText(program.app.app.appSecret));
    await window.shot(`console-overview-${platform}`);
  });

  it('lets the dashboard page do what the chosen person may do', async () => {
    const press = async (): Promise<string | null> => {
      const frame = page.frameLocator('iframe');
      await frame.getByRole('button', { name: 'Add tulips' }).click();
      await frame.getByRole('status').filter({ hasText: /\d/ }).waitFor();
      return frame.getByRole('status').textContent();
    };
    await open('dashboard');
    expect(await press()).toBe('201');
    await page.getByLabel('As', { exact: true }).selectOption('agent');
    await page.getByText('as Agent').waitFor();
    expect(await press()).toBe('403');
    await window.shot(`console-dashboard-${platform}`);
  });

  it('says which scope is missing after one was withdrawn', async () => {
    await open('grants', 'manager');
    const held = page.getByLabel(`${READ_PRODUCTS} of the app`);
    await settled(held);
    await window.shot(`console-grants-${platform}`);
    await page.getByLabel(`${MANAGE_PRODUCTS} of the app`).click();
    await page.getByLabel(`${MANAGE_PRODUCTS} of the app`).and(page.locator(':not(:checked)')).waitFor();

    await page.getByRole('link', { name: 'Try a request' }).click();
    await page.getByLabel('Method').selectOption('POST');
    await sendTry('/products');
    const refusal = page.locator('.refusal');
    await settled(refusal);
    // Wix sends no event for it: the application's guard learns of it later, and Wix refuses at once.
    expect(await refusal.textContent()).toContain('Refused by Wix');
    expect(await refusal.textContent()).toContain(MANAGE_PRODUCTS);
    await window.shot(`console-refusal-${platform}`);

    await open('grants');
    await page.getByLabel(`${MANAGE_PRODUCTS} of the app`).click();
    await page.getByLabel(`${MANAGE_PRODUCTS} of the app`).and(page.locator(':checked')).waitFor();
  });

  it('sends an event that fails once, resends it, and shows both attempts', async () => {
    const handler = app.app.get(ContactHandler);
    handler.failures = 1;
    await open('events');
    await page.getByLabel('Data').filter({ hasNotText: '' }).or(page.getByLabel('Data')).first().waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await settled(page.getByText('↻ to be sent again'));
    await page
      .getByRole('button', { name: /^Send again now/ })
      .first()
      .click();
    await settled(page.getByText('✓ delivered'));
    expect(await page.locator('.attempts').first().textContent()).toMatch(/500.*200/);
    await window.shot(`console-events-${platform}`);
  });

  it('streams the requests of the application to Wix, without a token', async () => {
    await open('try', 'visitor');
    await sendTry('/products');
    await settled(page.locator('footer').getByText('/stores/v3/products/query'));
    await page.getByRole('button', { name: 'Show all' }).click();
    await page
      .getByRole('button', { name: /^Details of request/ })
      .last()
      .click();
    await settled(page.getByText('[redacted]'));
    expect(await page.content()).not.toContain('OauthNG.JWS.');
    await window.shot(`console-requests-${platform}`);
  });

  it('switches a fault on and off', async () => {
    const fault = page.getByLabel(/^500: POST \/stores\/v3\/products\/query$/);
    await open('faults', 'visitor');
    await fault.click();
    await settled(page.getByText('● 1 on'));
    await window.shot(`console-faults-${platform}`);
    await page.getByRole('link', { name: 'Try a request' }).click();
    await sendTry('/products');
    await settled(page.locator('section', { hasText: 'GET /products' }).getByText(/50\d/));
    await page.getByRole('link', { name: /^Faults/ }).click();
    await page.getByRole('button', { name: 'Clear all' }).click();
    await settled(page.getByText('No fault is on'));
  });

  it.each(['External install flow', 'Custom authentication'])(
    'ends on the page of the application: %s',
    async (flow) => {
      await open('install');
      const opened = window.context.waitForEvent('page');
      await page.getByRole('listitem').filter({ hasText: flow }).getByRole('link', { name: 'Add to site' }).click();
      const tab = await opened;
      await tab.getByRole('heading', { level: 1 }).or(tab.getByText('Go on')).first().waitFor();
      const addToSite = tab.locator('section', { hasText: flow }).getByText('Add to Site');
      if ((await addToSite.count()) > 0) await addToSite.click();
      const goOn = tab.getByText('Go on');
      if (flow.startsWith('External')) await goOn.click();
      await tab.getByLabel('Site').selectOption({ label: 'Bulbs & Tulips' });
      await tab.getByRole('button', { name: 'Agree & Add' }).click();
      await tab.getByRole('heading', { name: 'Welcome' }).waitFor();
      await tab.close();
      await settled(page.getByRole('region', { name: 'Steps of installations' }));
      await window.shot(`console-install-${platform}`);
    },
  );

  // The pages are the same whatever the application runs on.
  if (platform === 'fastify') return;

  it.each(PAGES)('has no serious accessibility violation, in light and dark: %s', async (name) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await open(name);
      await settled(page.locator('main h1'));
      await page.evaluate(await readAxe());
      const { violations } = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: { run(root: object): Promise<AxeResults> } };
        return axe.run({ exclude: ['iframe'] });
      });
      const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
      expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      await window.shot(`console-${name}-${colorScheme}-${platform}`);
    }
  });

  it('fits the width of a phone', async () => {
    await page.setViewportSize({ width: 375, height: 740 });
    for (const name of PAGES) {
      await open(name);
      const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect({ name, wide }).toEqual({ name, wide: 0 });
      await window.shot(`console-${name}-phone-${platform}`);
    }
  });
});

async function readAxe(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(axePath, 'utf8');
}

const scenario = (url: string) => ({
  apps: [
    {
      key: 'app',
      name: 'Flower Desk',
      scopes: [READ_PRODUCTS, MANAGE_PRODUCTS, CONTRIBUTORS],
      url,
      websiteUrl: '/install',
      appUrl: '/install/wix',
      redirectUrls: ['/install/wix/callback'],
    },
  ],
  sites: [
    {
      key: 'flowers',
      name: 'Flowers',
      users: [
        { key: 'manager', name: 'Manager', roles: [MANAGER_ROLE], permissions: [MANAGE_PRODUCTS] },
        { key: 'agent', name: 'Agent', roles: ['6600344420111308828'], permissions: [READ_PRODUCTS] },
      ],
      members: [{ key: 'member' }],
      visitors: [{ key: 'visitor' }],
      products: [{ name: 'Roses', price: 12 }],
    },
    { key: 'bulbs', name: 'Bulbs & Tulips' },
  ],
  installs: [{ app: 'app', site: 'flowers' }],
});
