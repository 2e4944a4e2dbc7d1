import type { ResolvedWixAuthOptions } from '../options/wix-auth.options.js';
import type { SignedInstanceSetting } from './security-schemes.js';

/** How registrations take signed instances; the defaults where none is known. */
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
