import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium, type BrowserContext, type Page } from 'playwright-core';

const PLACES = [process.env['CHROMIUM_PATH'] ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'];
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
const SCREENSHOTS = join(process.cwd(), '.tmp/screenshots');

/** A window of a real browser that remembers nothing from before. */
export interface Window {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Saves a picture of the page for a person to look at. */
  shot(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens Chromium, which must be installed. */
export async function openChromium({ cookies }: { readonly cookies: 'kept' | 'blocked' }): Promise<Window> {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  if (cookies === 'blocked') writePreferences(profile, { profile: { default_content_setting_values: { cookies: 2 } } });
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath(),
    args: FLAGS,
    viewport: { width: 900, height: 600 },
  });
  const page = context.pages()[0] ?? (await context.newPage());
  mkdirSync(SCREENSHOTS, { recursive: true });
  return {
    page,
    context,
    shot: async (name) => {
      await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
    },
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true });
    },
  };
}

function chromiumPath(): string {
  const path = PLACES.find((place) => existsSync(place));
  if (path === undefined) throw new Error('This test needs Chromium: apt-get install chromium, or CHROMIUM_PATH.');
  return path;
}

function writePreferences(profile: string, preferences: object): void {
  mkdirSync(join(profile, 'Default'));
  writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify(preferences));
}
