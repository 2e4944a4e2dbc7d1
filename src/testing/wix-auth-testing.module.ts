import type { DynamicModule } from '@nestjs/common';

import { WIX_AUTH_OPTIONS, WixAuthModule, type WixAuthExtras, type WixAuthOptions } from '../index.js';
import type { EmulatedApp } from './emulator/world/emulated-app.js';
import type { WixEmulator } from './emulator/wix-emulator.js';

/** The options that make `WixAuthModule` take an emulator for Wix; `changes` go on top. */
export const emulatedOptions = (
  wix: WixEmulator,
  app: EmulatedApp,
  changes: Partial<WixAuthOptions> = {},
): WixAuthOptions => ({
  appId: app.appId,
  appSecret: app.appSecret,
  publicKey: app.publicKey,
  apiUrl: wix.url,
  ...changes,
});

/** What `Test.createTestingModule()` returns, as far as it is needed here. */
export interface OverridableBuilder {
  /** Replaces a provider. */
  overrideProvider(token: unknown): { useValue(value: unknown): OverridableBuilder };
}

/**
 * Points the `WixAuthModule` of an application under test at an emulator. The application is imported as it is, and
 * its guards stay on; only the options of its registration are replaced.
 *
 * @example
 * const builder = Test.createTestingModule({ imports: [AppModule] });
 * const module = await useWixEmulator(builder, wix, app).compile();
 */
export function useWixEmulator<Builder extends OverridableBuilder>(
  builder: Builder,
  wix: WixEmulator,
  app: EmulatedApp,
  changes: Partial<WixAuthOptions> = {},
): Builder {
  builder.overrideProvider(WIX_AUTH_OPTIONS).useValue(emulatedOptions(wix, app, changes));
  return builder;
}

/** `WixAuthModule` that takes an emulator for Wix, for tests of single modules and controllers. */
export class WixAuthTestingModule {
  /** A registration for one app of the emulator; `changes` may hold options and extras. */
  static forApp(
    wix: WixEmulator,
    app: EmulatedApp,
    changes: Partial<WixAuthOptions & WixAuthExtras> = {},
  ): DynamicModule {
    return WixAuthModule.forRoot({ ...emulatedOptions(wix, app), ...changes });
  }
}
