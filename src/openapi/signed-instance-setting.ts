import type { ResolvedWixAuthOptions } from '../options/wix-auth.options.js';
import type { SignedInstanceSetting } from './security-schemes.js';

/** How registrations accept signed instances; the defaults when there are no registrations. */
export function signedInstanceSettingOf(
  registrations: readonly Partial<ResolvedWixAuthOptions>[],
): SignedInstanceSetting {
  const settings = registrations.map((options) => options.signedInstance);
  const accepted = settings.filter((setting) => setting !== false && setting !== undefined);
  return {
    isAccepted: settings.length === 0 || settings.some((setting) => setting !== false),
    header: accepted.map((setting) => setting.header).find((header) => header !== undefined),
  };
}
