import { HttpModule } from '@nestjs/axios';
import { CacheModule } from '@nestjs/cache-manager';
import { Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';

import { WixMisconfiguredError } from './core/wix-auth.errors.js';
import { installControllers } from './install/install.providers.js';
import { webhookControllers } from './webhooks/webhooks.providers.js';
import { cacheOptionsOf } from './options/cache-options.js';
import {
  besideFactory,
  ConfigurableModuleClass,
  extrasIn,
  WIX_AUTH_OPTIONS,
  type ASYNC_OPTIONS_TYPE,
  type OPTIONS_TYPE,
  type WixAuthExtras,
} from './options/module-definition.js';
import { ResolvedWixAuthOptions } from './options/wix-auth.options.js';
import { WixAuthOptionsModule } from './options/options.module.js';
import { registrationExports, registrationProviders } from './wix-auth.providers.js';

/**
 * Authenticates the requests of a Wix app's backend and gets its tokens.
 *
 * Import it once with {@link forRoot} or {@link forRootAsync}; its guards and services are then there for every module.
 */
@Module({})
export class WixAuthModule extends ConfigurableModuleClass implements OnModuleInit {
  readonly #modules: ModulesContainer;

  constructor(modules: ModulesContainer) {
    super();
    this.#modules = modules;
  }

  /**
   * Registers an app with options known now.
   *
   * @throws {@link WixMisconfiguredError} when the application starts, listing every wrong option.
   */
  static override forRoot(options: typeof OPTIONS_TYPE): DynamicModule {
    return registration(super.forRoot(options), options, extrasIn(options));
  }

  /**
   * Registers an app with options that come from elsewhere, such as `@nestjs/config`: `useFactory` with `inject`,
   * `useClass` or `useExisting` ({@link WixAuthOptionsFactory}). The extras stand beside them.
   *
   * @throws {@link WixMisconfiguredError} when the application starts, listing every wrong option.
   */
  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    return registration(super.forRootAsync(options), options, besideFactory(options));
  }

  /** Refuses a second global registration: which of the two a guard would get is chance. */
  onModuleInit(): void {
    const global = [...this.#modules.values()].filter((module) => module.metatype === WixAuthModule && module.isGlobal);
    if (global.length > 1) {
      throw new WixMisconfiguredError(
        'WixAuthModule is registered globally more than once. Register it in the root module only, or give each ' +
          'registration isGlobal: false and import it where it is used.',
      );
    }
  }
}

function registration(definition: DynamicModule, extras: Partial<WixAuthExtras>, toCheck: object): DynamicModule {
  const options = WixAuthOptionsModule.around(definition, toCheck);
  const cache = CacheModule.registerAsync({
    imports: [options],
    // The second, so that wrong stores are named by us before a store is made of them.
    inject: [WIX_AUTH_OPTIONS, ResolvedWixAuthOptions],
    useFactory: cacheOptionsOf,
  });
  const webhookEndpoints = webhookControllers(extras.webhooks);
  return {
    module: WixAuthModule,
    global: extras.isGlobal ?? true,
    imports: [options, cache, HttpModule.register({}), ...(extras.imports ?? [])],
    controllers: [...webhookEndpoints, ...installControllers(extras.install)],
    providers: [...registrationProviders(extras, webhookEndpoints)],
    exports: registrationExports(extras),
  };
}
