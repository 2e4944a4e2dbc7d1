import { Module, type DynamicModule } from '@nestjs/common';

import { WIX_AUTH_OPTIONS, WixAuthModule, type WixAuthExtras, type WixAuthOptions } from '../index.js';
import type { EmulatedApp } from './emulator/world/emulated-app.js';
import type { WixEmulator } from './emulator/wix-emulator.js';

/**
 * The options that make `WixAuthModule` take an emulator for Wix; `changes` go on top. Without the public key, which
 * takes a moment to make: add `{ publicKey: app.publicKey }` where webhooks are received.
 */
export const emulatedOptions = (
  wix: WixEmulator,
  app: EmulatedApp,
  changes: Partial<WixAuthOptions> = {},
): WixAuthOptions => ({
  appId: app.appId,
  appSecret: app.appSecret,
  apiUrl: wix.url,
  ...changes,
});

/** A provider about to be replaced. */
export interface ReplaceableProvider {
  /** Replaces it with a value. */
  useValue(value: unknown): OverridableBuilder;
}

/** What `Test.createTestingModule()` returns, as far as it is needed here. */
export interface OverridableBuilder {
  /** Replaces a provider. */
  overrideProvider(token: unknown): ReplaceableProvider;
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
  builder
    .overrideProvider(WIX_AUTH_OPTIONS)
    .useValue(emulatedOptions(wix, app, { publicKey: app.publicKey, ...changes }));
  return builder;
}

/** `WixAuthModule` that takes an emulator for Wix, for tests of single modules and controllers. */
@Module({})
export class WixAuthTestingModule {
  /** A registration for one app of the emulator; `changes` may hold options and extras. */
  static forApp(
    wix: WixEmulator,
    app: EmulatedApp,
    changes: Partial<WixAuthOptions & WixAuthExtras> = {},
  ): DynamicModule {
    const key = changes.webhooks === undefined ? {} : { publicKey: app.publicKey };
    return WixAuthModule.forRoot({ ...emulatedOptions(wix, app, key), ...changes });
  }
}
