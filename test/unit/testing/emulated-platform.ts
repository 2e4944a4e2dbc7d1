import { WixEmulator, type WixEmulatorOptions } from 'nestjs-wix-auth/testing';

export const READ = 'SCOPE.DC-STORES.READ-PRODUCTS';
export const MANAGE = 'SCOPE.DC-STORES.MANAGE-PRODUCTS';
export const CONTRIBUTORS = 'SCOPE.DC-IDENTITY.MANAGE-CONTRIBUTORS';

/** A clock that stands still until it is moved. */
class MovableTime {
  ms = Date.parse('2026-03-01T12:00:00.000Z');
  readonly now = (): number => this.ms;

  pass(ms: number): void {
    this.ms += ms;
  }
}

/** An emulator with one app installed on one site, stopped after each test. */
export async function emulatedPlatform(options: WixEmulatorOptions = {}) {
  const time = new MovableTime();
  const warnings: string[] = [];
  const wix = await WixEmulator.start({ now: time.now, warn: (message) => warnings.push(message), ...options });
  const app = wix.addApp({ name: 'Test app' });
  const site = wix.addSite({ name: 'Test site' });
  const install = wix.install(app, site);
  return { wix, app, site, install, time, warnings };
}

export type EmulatedPlatform = Awaited<ReturnType<typeof emulatedPlatform>>;
