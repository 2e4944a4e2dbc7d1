import { permissionIdsOf, scopeNameOf, scopesGranting, expanded, isScopeId } from '../grants/scopes/scope-catalogue.js';
import { neededByEvents } from './event-needs.js';
import type { ManifestChoice, ManifestRoute, ManifestScope, WixManifest } from './wix-manifest.js';
import type { WixRoute } from './wix-route.js';

const MANAGE_CONTRIBUTORS = 'SCOPE.DC-IDENTITY.MANAGE-CONTRIBUTORS';

/** The manifest of an application with these routes. */
export async function manifestOf(routes: readonly WixRoute[]): Promise<WixManifest> {
  const sorted = [...routes].sort(byNameAndHandler);
  const needs = await Promise.all(byRegistration(sorted).map(needsOf));
  return {
    format: 1,
    scopes: needs.flatMap(({ scopes }) => scopes),
    oneOf: needs.flatMap(({ oneOf }) => oneOf),
    routes: sorted.map(routeIn),
  };
}

// Each registration is an app of its own, with a dashboard of its own.
function byRegistration(routes: readonly WixRoute[]): readonly (readonly WixRoute[])[] {
  const names = [...new Set(routes.map(({ registration }) => registration))].sort((one = '', other = '') =>
    order(one, other),
  );
  return names.map((name) => routes.filter(({ registration }) => registration === name));
}

async function needsOf(routes: readonly WixRoute[]): Promise<Pick<WixManifest, 'scopes' | 'oneOf'>> {
  const scopes = requiredScopes(routes);
  const choices = [...routeChoices(routes), ...(await neededByEvents(routes))];
  const registration = routes[0]?.registration;
  const own = registration === undefined ? {} : { registration };
  return {
    scopes: scopes.map((scope) => ({ ...own, ...scope })),
    oneOf: merged(choices).map((choice) => ({ ...own, ...withCover(choice, scopes) })),
  };
}

const byNameAndHandler = (one: WixRoute, other: WixRoute): number => order(keyOf(one), keyOf(other));
const keyOf = ({ name, handler }: WixRoute): string => `${name}\n${handler}`;
const order = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

function requiredScopes(routes: readonly WixRoute[]): readonly ManifestScope[] {
  const needs = new Map<string, string[]>();
  const need = (id: string, what: string): void => void needs.set(id, [...(needs.get(id) ?? []), what]);
  for (const { name, scopes, looksUpRoles } of routes) {
    for (const scope of scopes) need(scope, name);
    if (looksUpRoles) need(MANAGE_CONTRIBUTORS, `${name} (to look up the roles of users)`);
  }
  return [...needs].sort(([one], [other]) => order(one, other)).map(([id, requiredBy]) => scopeIn(id, requiredBy));
}

function scopeIn(id: string, requiredBy: readonly string[]): ManifestScope {
  const name = scopeNameOf(id);
  return {
    id,
    ...(name === undefined ? {} : { name }),
    ...(isScopeId(id) ? { permissions: permissionIdsOf(id) } : { grantedBy: scopesGranting([id]) }),
    requiredBy,
  };
}

const routeChoices = (routes: readonly WixRoute[]): readonly ManifestChoice[] =>
  routes.flatMap(({ name, anyScopes }) => anyScopes.map((group) => ({ scopes: group, requiredBy: [name] })));

function merged(choices: readonly ManifestChoice[]): readonly ManifestChoice[] {
  const known = new Map<string, ManifestChoice>();
  for (const choice of choices) {
    const scopes = [...choice.scopes].sort(order);
    const key = scopes.join(' ');
    known.set(key, { scopes, requiredBy: [...(known.get(key)?.requiredBy ?? []), ...choice.requiredBy] });
  }
  return [...known.values()];
}

function withCover(choice: ManifestChoice, scopes: readonly ManifestScope[]): ManifestChoice {
  const cover = scopes.find(({ id }) => choice.scopes.some((scope) => expanded([id], 'observed').has(scope)));
  return cover === undefined ? choice : { ...choice, coveredBy: cover.id };
}

function routeIn({ name, handler, access, ...route }: WixRoute): ManifestRoute {
  const { registration, authority, callers, scopes, anyScopes, reportedScopes, plans, acceptsInstanceQuery } = route;
  return {
    name,
    handler,
    access,
    ...(registration === undefined ? {} : { registration }),
    ...(authority === undefined ? {} : { authority }),
    ...(callers.length > 0 ? { callers } : {}),
    ...(scopes.length > 0 ? { scopes } : {}),
    ...(anyScopes.length > 0 ? { anyScopes } : {}),
    ...(reportedScopes.length > 0 ? { reportedScopes } : {}),
    ...(plans.length > 0 ? { plans } : {}),
    ...(acceptsInstanceQuery ? { acceptsInstanceQuery } : {}),
  };
}
