import type { INestApplicationContext } from '@nestjs/common';

import { ResolvedWixAuthOptions } from '../options/wix-auth.options.js';
import type { SignedInstanceSetting } from './security-schemes.js';

/** How the registrations of an application take signed instances; the defaults in preview mode, where no options are known. */
export function signedInstanceSettingOf(app: Pick<INestApplicationContext, 'get'>): SignedInstanceSetting {
  const settings = registered(app).map((options) => options.signedInstance);
  const accepted = settings.filter((setting) => setting !== false && setting !== undefined);
  return {
    isAccepted: settings.length === 0 || settings.some((setting) => setting !== false),
    header: accepted.map((setting) => setting.header).find((header) => header !== undefined),
  };
}

function registered(app: Pick<INestApplicationContext, 'get'>): readonly Partial<ResolvedWixAuthOptions>[] {
  return app
    .get<ResolvedWixAuthOptions, ResolvedWixAuthOptions | null | undefined>(ResolvedWixAuthOptions, {
      strict: false,
      each: true,
    })
    .filter((options) => options !== null && options !== undefined);
}
