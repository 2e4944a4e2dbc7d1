import { ConfigurableModuleBuilder, type ModuleMetadata, type Provider } from '@nestjs/common';

import type { WixInstallOptions } from '../install/install.options.js';
import type { WixWebhookOptions } from '../webhooks/webhook.options.js';
import type { WixAuthOptions } from './wix-auth.options.js';

/** What concerns the registration itself; given beside the options, also to `forRootAsync`. */
export interface WixAuthExtras {
  /**
   * Whether guards and services are there for every module of the application. `false` keeps a registration to the
   * modules that import it, so that several apps can live in one process, each with its own cache.
   *
   * @default true
   */
  readonly isGlobal: boolean;
  /**
   * Whether `WixAuthGuard` stands before every route of the application; `@WixPublic()` opens single ones. Handlers of
   * WebSocket and microservice messages need a guard of their own, and stop the start without one. One registration of
   * an application may set it.
   *
   * @default false
   */
  readonly globalGuard: boolean;
  /**
   * Takes Wix's webhooks: mounts their endpoint and hands verified events to methods with `@OnWixEvent`. Needs the
   * option `publicKey`.
   *
   * @default none
   */
  readonly webhooks: WixWebhookOptions | undefined;
  /**
   * Lets sites install the app by links and pages of your own: mounts what Wix returns to, and checks who comes back.
   *
   * @default none
   */
  readonly install: WixInstallOptions | undefined;
  /**
   * Your own in place of a default: providers for {@link UserGrants}, {@link VisitorGrants}, {@link TokenStore},
   * {@link CredentialSource} or {@link WixClock}.
   *
   * @default none
   */
  readonly providers: readonly Provider[];
  /**
   * Modules that export what those providers inject.
   *
   * @default none
   */
  readonly imports: NonNullable<ModuleMetadata['imports']>;
}

/** What classes for `forRootAsync({ useClass | useExisting })` implement. */
export interface WixAuthOptionsFactory {
  /** The options, or a promise of them. */
  createWixAuthOptions(): Promise<WixAuthOptions> | WixAuthOptions;
}

const EXTRAS: Partial<WixAuthExtras> = {
  isGlobal: true,
  globalGuard: false,
  webhooks: undefined,
  install: undefined,
  providers: [],
  imports: [],
};

/** What stands beside the options in `forRoot()`. */
export const extrasIn = (given: object): object =>
  Object.fromEntries(Object.entries(given).filter(([name]) => name in EXTRAS));

const ASYNC_NAMES = ['useFactory', 'useClass', 'useExisting', 'inject', 'provideInjectionTokensFrom'];

/** What stands beside `useFactory`, `useClass` or `useExisting` in `forRootAsync()`. */
export const besideFactory = (given: object): object =>
  Object.fromEntries(Object.entries(given).filter(([name]) => !ASYNC_NAMES.includes(name)));

const definition = new ConfigurableModuleBuilder<WixAuthOptions>({ moduleName: 'WixAuth' })
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createWixAuthOptions')
  .setExtras(EXTRAS)
  .build();

export const { ConfigurableModuleClass, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } = definition;

/** The token of the options as they were given to one registration; override it in tests. */
export const WIX_AUTH_OPTIONS = definition.MODULE_OPTIONS_TOKEN;
