import type { Platform } from '../platform.js';
import type { EmulatedInstall } from '../world/emulated-install.js';
import type { IssuedToken } from './token-ledger.js';

/** The result of checking a token. */
export type TokenVerdict =
  | { readonly state: 'unknown' }
  | { readonly state: 'active' | 'expired' | 'revoked' | 'removed'; readonly issued: IssuedToken };

/** Checks an access token against what the platform knows now. */
export function judgeToken(platform: Platform, token: string): TokenVerdict {
  const issued = platform.tokens.find(token);
  if (!issued) return { state: 'unknown' };
  if (platform.tokens.isRevoked(token)) return { state: 'revoked', issued };
  if (issued.expiresAt * 1000 <= platform.now()) return { state: 'expired', issued };
  if (issued.install && isCutOff(platform, issued.install)) return { state: 'removed', issued };
  return { state: 'active', issued };
}

/** Whether credentials of this installation no longer count because the site removed the app. */
export const isCutOff = (platform: Platform, install: EmulatedInstall): boolean =>
  !install.isInstalled && platform.variants.tokensOfRemovedInstalls === 'dead';
