import { randomBytes } from 'node:crypto';

import type { EmulatedApp } from '../world/emulated-app.js';
import type { EmulatedInstall } from '../world/emulated-install.js';
import type { InstallerFaults } from './installer-faults.js';

/**
 * The pages of Wix that a site owner installs an app with, at the paths they have under `https://www.wix.com`. They
 * list the emulator's sites; agreeing installs the app with the scopes it asks for (`scopes` of `wix.addApp()`).
 */
export class EmulatedInstaller {
  /** What goes wrong on purpose. */
  readonly faults: InstallerFaults = {};
  /** The addresses browsers were sent back to, oldest first, with everything in their query. */
  readonly callbacks: URL[] = [];
  /** The installations whose custom authentication came to its last page, oldest first. */
  readonly closedWindows: EmulatedInstall[] = [];
  readonly #tokens = new Map<string, EmulatedApp>();

  /** The address Wix opens when a site owner adds an app with custom authentication in the App Market. */
  openedFromMarket(app: EmulatedApp, appUrl: string): string {
    const token = randomBytes(64).toString('hex');
    this.#tokens.set(token, app);
    const url = new URL(appUrl);
    url.searchParams.set('token', token);
    return url.href;
  }

  /** Whether a `token` is one that this app's App URL was opened with. */
  isTokenOf(app: EmulatedApp, token: string): boolean {
    return this.#tokens.get(token) === app;
  }
}
