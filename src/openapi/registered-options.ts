import type { INestApplicationContext } from '@nestjs/common';

import { ResolvedWixAuthOptions } from '../options/wix-auth.options.js';

/** The options of every registration of an application; none in preview mode, where Nest creates no instances. */
export function registeredOptionsOf(
  app: Pick<INestApplicationContext, 'get'>,
): readonly Partial<ResolvedWixAuthOptions>[] {
  return app
    .get<ResolvedWixAuthOptions, ResolvedWixAuthOptions | null | undefined>(ResolvedWixAuthOptions, {
      strict: false,
      each: true,
    })
    .filter((options) => options !== null && options !== undefined);
}
