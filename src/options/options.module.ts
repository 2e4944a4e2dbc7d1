import { Module, type DynamicModule } from '@nestjs/common';

import { WixLogger } from '../diagnostics/wix-logger.js';
import { WIX_AUTH_OPTIONS } from './module-definition.js';
import { optionWarnings } from './option-warnings.js';
import { ResolvedWixAuthOptions, resolveOptions, type WixAuthOptions } from './wix-auth.options.js';

/**
 * Holds the options of one registration, so that the cache module of the same registration can be made from them.
 * A module of its own per registration: a shared one would mix the options of two apps.
 */
@Module({})
export class WixAuthOptionsModule {
  /**
   * The module around the providers that `ConfigurableModuleBuilder` made.
   *
   * @param extras - What stands beside the options, to be checked with them.
   */
  static around({ imports = [], providers = [] }: DynamicModule, extras: object): DynamicModule {
    return {
      module: WixAuthOptionsModule,
      imports,
      providers: [
        ...providers,
        {
          provide: ResolvedWixAuthOptions,
          inject: [WIX_AUTH_OPTIONS],
          useFactory: (options: WixAuthOptions) => resolved(options, extras),
        },
      ],
      exports: [WIX_AUTH_OPTIONS, ResolvedWixAuthOptions],
    };
  }
}

async function resolved(options: WixAuthOptions, extras: object): Promise<ResolvedWixAuthOptions> {
  const settings = await resolveOptions(options, extras);
  optionWarnings(settings).forEach((warning) => {
    new WixLogger(settings.logging.format).write({ level: 'warn', event: 'optionWarning', text: warning });
  });
  return settings;
}
