import { stringifySetCookie } from 'cookie';

import type { OAuthState, IssuedOAuthState } from '../state/oauth-state.js';
import { isOtherHalf } from '../state/oauth-states.js';
import type { InstallRequest } from './install-request.js';

// The prefix keeps other hosts of the domain from planting one. Browsers take it on loopback addresses without TLS.
const PREFIX = '__Host-wix-install-';
// Longer than any OAuth state, so that an expired state is told from a browser that stores no cookies.
const MAX_AGE_S = 3_600;
const MAX_STARTED = 4;

/** The `Set-Cookie` headers that bind an installation to the browser it starts in. */
export function bindingCookies(
  { oauthState, cookieValue }: IssuedOAuthState,
  request: InstallRequest,
): readonly string[] {
  return [...tooMany(request), cookie(PREFIX + oauthState.id, cookieValue, MAX_AGE_S, request)];
}

/** Whether this is the browser in which the installation was started. */
export function isSameBrowser(oauthState: OAuthState, request: InstallRequest): boolean {
  const value = request.cookie(PREFIX + oauthState.id);
  return value !== undefined && isOtherHalf(oauthState, value);
}

/** The `Set-Cookie` header that ends it. */
export const releasingCookie = ({ id }: OAuthState, request: InstallRequest): string =>
  cookie(PREFIX + id, '', 0, request);

// Servers refuse requests whose cookies have grown too long.
function tooMany(request: InstallRequest): readonly string[] {
  const started = request.cookieNames().filter((name) => /^__Host-wix-install-[\w-]{12}$/.test(name));
  return started.length < MAX_STARTED ? [] : started.map((name) => cookie(name, '', 0, request));
}

const cookie = (name: string, value: string, maxAgeS: number, { isFramed }: InstallRequest): string =>
  stringifySetCookie(name, value, {
    path: '/',
    maxAge: maxAgeS,
    httpOnly: true,
    secure: true,
    ...(isFramed ? { sameSite: 'none', partitioned: true } : { sameSite: 'lax' }),
  });
