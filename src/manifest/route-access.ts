import { hasOwnGuard, type ExploredHandler } from '../access/routes/explored-handler.js';
import { requiresNothing } from '../grants/scopes/scope-requirement.js';
import { isSignedRoute } from '../signed-requests/signed-routes.js';
import type { WixRoute, WixRouteAccess } from './wix-route.js';

/** What is known of the whole application. */
export interface AppAccess {
  /** Whether one of our guards is global. */
  readonly isGlobal: boolean;
  /** Whether users' roles are looked up at Wix. */
  readonly lookUp: boolean;
}

/** The part of a route that says who may call. */
export type RouteAccess = Omit<WixRoute, 'kind' | 'name' | 'handler' | 'method' | 'path' | 'registration'>;

/** Who may call a handler. */
export function accessOf(handler: ExploredHandler, app: AppAccess): RouteAccess {
  const access = kindOfAccess(handler, app.isGlobal);
  return access === 'guarded' ? guardedAccess(handler, app) : openAccess(handler, access);
}

function kindOfAccess(handler: ExploredHandler, isGlobal: boolean): WixRouteAccess {
  const { host: controller, handler: method, name, module, policy } = handler;
  if (isSignedRoute({ module: module.metatype, controller, name, handler: method })) return 'signed';
  const isGuarded = hasOwnGuard(handler) || (isGlobal && handler.kind !== 'message');
  if (policy.isPublic) return 'public';
  return isGuarded ? 'guarded' : 'unguarded';
}

function guardedAccess({ policy, levels }: ExploredHandler, { lookUp }: AppAccess): RouteAccess {
  const { authority, identities, requirement, reported, plans } = policy;
  const asksUsers = identities.includes('user') && authority !== 'instance' && !requiresNothing(requirement);
  return {
    access: 'guarded',
    authority,
    callers: Object.freeze([...identities]),
    scopes: Object.freeze([...requirement.all]),
    anyScopes: Object.freeze(requirement.any.map((group) => Object.freeze([...group]))),
    reportedScopes: Object.freeze([...reported]),
    plans: Object.freeze([...(plans ?? [])]),
    verifiesCredentials: true,
    acceptsInstanceQuery: levels.some((level) => level.acceptsInstanceQuery),
    looksUpRoles: lookUp && asksUsers,
  };
}

const nothing: readonly never[] = Object.freeze([]);

/** Who may call a handler of events: Wix, which signs them. The webhook endpoint verifies that, not a guard. */
export const eventAccess: RouteAccess = Object.freeze({
  access: 'signed',
  callers: nothing,
  scopes: nothing,
  anyScopes: nothing,
  reportedScopes: nothing,
  plans: nothing,
  verifiesCredentials: false,
  acceptsInstanceQuery: false,
  looksUpRoles: false,
});

const openAccess = ({ policy, levels }: ExploredHandler, access: WixRouteAccess): RouteAccess => ({
  access,
  callers: nothing,
  scopes: nothing,
  anyScopes: nothing,
  reportedScopes: nothing,
  plans: nothing,
  verifiesCredentials: access === 'public' && !policy.skipsAuthentication,
  acceptsInstanceQuery: access === 'public' && levels.some((level) => level.acceptsInstanceQuery),
  looksUpRoles: false,
});
