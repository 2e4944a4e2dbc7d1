import type { WixRoute } from '../manifest/wix-route.js';

const plurals = { app: 'the app itself', user: 'Wix users', member: 'site members', visitor: 'site visitors' } as const;

const holders = {
  instance: 'granted to the app by the site',
  user: 'held by the app and by the user',
  auth: 'held by the app and by the caller',
} as const;

/** Who may call a route, as a paragraph; `undefined` when our guards do not decide it. */
export function whoMayCall(route: WixRoute): string | undefined {
  if (route.access === 'public') {
    return route.verifiesCredentials ? 'Public. A Wix credential is read where one is sent.' : undefined;
  }
  if (route.access !== 'guarded') return undefined;
  const callers = `Who may call: ${listed(route.callers.map((type) => plurals[type]))}.`;
  const scopes = requiredScopes(route);
  return [
    callers,
    ...(scopes === '' ? [] : [`Required scopes, ${holders[route.authority ?? 'auth']}: ${scopes}.`]),
    ...(route.plans.length === 0 ? [] : [`Required plan of the site: ${alternatives(route.plans)}.`]),
  ].join(' ');
}

const requiredScopes = ({ scopes, anyScopes }: WixRoute): string =>
  listed([...scopes.map(code), ...anyScopes.map((group) => `one of ${group.map(code).join(', ')}`)]);

const alternatives = (plans: readonly string[]): string =>
  plans.length === 1 ? plans.map(code).join('') : `one of ${plans.map(code).join(', ')}`;

const code = (text: string): string => `\`${text}\``;

function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}
