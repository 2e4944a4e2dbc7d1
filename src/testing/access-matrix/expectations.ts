import type { WixRoute } from '../../index.js';

/** What a route must answer: its guards admit the call, or refuse it. */
export type Expectation = 'passes' | Refusal;

/** A status and its error code. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly code: string;
}

/** A caller who holds something: the scopes and permission ids with all they contain, or `'*'` for all the app has. */
export interface Holder {
  readonly type: 'app' | 'user' | 'member' | 'visitor';
  readonly holds: ReadonlySet<string> | '*';
}

export const missing: Refusal = { status: 401, code: 'WIX_CREDENTIALS_MISSING' };
export const expired: Refusal = { status: 401, code: 'WIX_CREDENTIALS_EXPIRED' };
export const wrongApp: Refusal = { status: 401, code: 'WIX_CREDENTIALS_WRONG_APP' };
export const planRequired: Refusal = { status: 403, code: 'WIX_PLAN_REQUIRED' };
const notAllowed: Refusal = { status: 403, code: 'WIX_IDENTITY_NOT_ALLOWED' };
const scopeMissing: Refusal = { status: 403, code: 'WIX_SCOPE_MISSING' };

/** What the declaration of a route means for a verified caller on a site that granted the app `app`. */
export function expectedFor(route: WixRoute, caller: Holder, app: ReadonlySet<string>): Expectation {
  if (route.access === 'public') return 'passes';
  if (!route.callers.includes(caller.type)) return notAllowed;
  if (!satisfies(route, app)) return scopeMissing;
  const counts = route.authority !== 'instance' && caller.holds !== '*';
  return counts && !satisfies(route, caller.holds) ? scopeMissing : 'passes';
}

/** Whether scopes are required of the caller. */
export const requiresScopes = ({ scopes, anyScopes }: WixRoute): boolean => scopes.length + anyScopes.length > 0;

const satisfies = ({ scopes, anyScopes }: WixRoute, held: ReadonlySet<string> | '*'): boolean =>
  held === '*' ||
  (scopes.every((scope) => held.has(scope)) && anyScopes.every((group) => group.some((scope) => held.has(scope))));
