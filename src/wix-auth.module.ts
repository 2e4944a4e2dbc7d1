import { HttpModule } from '@nestjs/axios';
import { CacheModule } from '@nestjs/cache-manager';
import { Module, Optional, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { ApplicationConfig, ModulesContainer } from '@nestjs/core';

import { COPY, thisCopy } from './core/marks.js';
import { WixMisconfiguredError } from './core/wix-auth.errors.js';
import { WixAuthGuard } from './access/guards/wix-auth.guard.js';
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
import { tracesOfOtherCopies } from './nest/other-copies.js';
import { RegisteredParts, requestScopedParts } from './nest/request-scoped-parts.js';
import { seeingSeveral } from './nest/visible-registrations.js';
import { registrationExports, registrationProviders } from './wix-auth.providers.js';

/**
 * Authenticates the requests of a Wix app's backend and gets its tokens.
 *
 * Import it once with {@link forRoot} or {@link forRootAsync}; every module can then use its guards and services.
 */
@Module({})
export class WixAuthModule extends ConfigurableModuleClass implements OnModuleInit {
  /** @internal */
  static readonly [COPY] = thisCopy;

  readonly #modules: ModulesContainer;
  readonly #config: ApplicationConfig;
  readonly #parts: RegisteredParts | undefined;

  constructor(modules: ModulesContainer, config: ApplicationConfig, @Optional() parts?: RegisteredParts) {
    super();
    this.#modules = modules;
    this.#config = config;
    this.#parts = parts;
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

  /**
   * Refuses ambiguous registrations, imports without options, and request-scoped parts: their start-up hooks never run,
   * and some releases of Nest skip guards that depend on them. Nest creates every module class exactly once, so nothing
   * that an application provides turns this check off.
   */
  onModuleInit(): void {
    this.#refuseOtherCopies();
    this.#refuseWrongRegistrations();
    this.#refuseRequestScopes();
  }

  #refuseOtherCopies(): void {
    const traces = tracesOfOtherCopies(this.#modules, this.#config);
    if (traces.length === 0) return;
    throw new WixMisconfiguredError(
      `The application uses another copy of nestjs-wix-auth beside this one, which is version ${thisCopy.version}:\n` +
        traces.map((trace) => `- ${trace}`).join('\n') +
        '\nGuards, providers and modules have to come from one copy. Two versions, or two sets of peer dependencies, are two ' +
        'copies (npm ls nestjs-wix-auth), and so are the ES module and the CommonJS build: load feature libraries the ' +
        'way the application is loaded.',
    );
  }

  #refuseWrongRegistrations(): void {
    const problem = this.#problemWithRegistrations();
    if (problem !== undefined) throw new WixMisconfiguredError(problem);
  }

  #problemWithRegistrations(): string | undefined {
    const registrations = [...this.#modules.values()].filter(
      (module) => module.metatype === WixAuthModule && module.providers.has(RegisteredParts),
    );
    if (registrations.length === 0) {
      return 'WixAuthModule is imported without options: import WixAuthModule.forRoot() or forRootAsync().';
    }
    if (registrations.filter(({ isGlobal }) => isGlobal).length > 1) {
      return (
        'WixAuthModule is registered globally more than once. Register it in the root module only, or give each ' +
        'registration isGlobal: false and import it where it is used.'
      );
    }
    // Nest has one list of global guards: each would require a credential of its own app on every route.
    if (registrations.filter(({ providers }) => providers.has(WixAuthGuard)).length > 1) {
      return (
        'Several registrations of WixAuthModule set globalGuard, and each would refuse the callers of the others on ' +
        'every route, whatever isGlobal says. Set it for one of them, and put @UseGuards(WixAuthGuard) on the ' +
        'controllers of the others.'
      );
    }
    const confused = seeingSeveral(this.#modules, WixAuthModule);
    return confused.length === 0
      ? undefined
      : `${confused.join(', ')} imports more than one registration of WixAuthModule, and which of them its guards and ` +
          'services get depends on the order of imports: give each registration a module of its own.';
  }

  #refuseRequestScopes(): void {
    const parts = this.#parts;
    if (parts === undefined) return;
    const own = [...this.#modules.values()].filter(
      (module) => module.providers.get(RegisteredParts)?.instance === parts,
    );
    const problems = own.flatMap((module) => requestScopedParts(module, parts));
    if (problems.length > 0) {
      throw new WixMisconfiguredError(
        `WixAuthModule is created once per application, and cannot use what is created for every request:\n` +
          problems.map((problem) => `- ${problem}`).join('\n') +
          '\nProvide it without a request-scoped dependency. Where a method needs data of one request, use the identity ' +
          'it is given, or inject ModuleRef and call resolve() inside the method.',
      );
    }
  }
}

function registration(definition: DynamicModule, extras: Partial<WixAuthExtras>, toCheck: object): DynamicModule {
  const options = WixAuthOptionsModule.around(definition, toCheck);
  const cache = CacheModule.registerAsync({
    imports: [options],
    // The second is injected so that our own check refuses wrong stores before a cache is created with them.
    inject: [WIX_AUTH_OPTIONS, ResolvedWixAuthOptions],
    useFactory: cacheOptionsOf,
  });
  const webhookEndpoints = webhookControllers(extras.webhooks);
  const own = registrationProviders(extras, webhookEndpoints);
  const parts = new RegisteredParts(own, [[WIX_AUTH_OPTIONS, 'The factory of the options']]);
  return {
    module: WixAuthModule,
    global: extras.isGlobal ?? true,
    imports: [options, cache, HttpModule.register({}), ...(extras.imports ?? [])],
    controllers: [...webhookEndpoints, ...installControllers(extras.install)],
    providers: [{ provide: RegisteredParts, useValue: parts }, ...own, ...(extras.providers ?? [])],
    exports: registrationExports(extras),
  };
}
