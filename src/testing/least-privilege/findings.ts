import type { WixRoute } from '../../index.js';
import type { CalledEndpoint } from './called-endpoints.js';
import { declaredBy } from './declared-scopes.js';
import { needText } from './need-text.js';
import { isKnown, type ScopeCover } from './scope-cover.js';

/** What a route declares too much or too little, as far as the calls of tests show. */
export interface LeastPrivilegeFinding {
  /** An endpoint is called whose scope nothing declares, or a scope is declared that no call needed. */
  readonly kind: 'undeclared' | 'unneeded';
  /** The route by name. */
  readonly route: string;
  /** Class and method. */
  readonly handler: string;
  /** Of `'undeclared'`: method and path of Wix's endpoint. */
  readonly endpoint?: string;
  /** Of `'unneeded'`: a scope, or a group of which one is enough. Of `'undeclared'`: scopes, one of which is enough. */
  readonly scopes: readonly string[];
  /** All of it as a sentence that names the route. */
  readonly message: string;
}

/** A route with what it called. */
export interface UsedRoute {
  readonly route: WixRoute;
  readonly called: number;
  readonly endpoints: readonly CalledEndpoint[];
  readonly cover: ScopeCover;
}

/** What is wrong with a route, as far as it was called. */
export const findingsOf = (used: UsedRoute): readonly LeastPrivilegeFinding[] => [
  ...undeclared(used),
  ...unneeded(used),
];

function undeclared({ route, endpoints, cover }: UsedRoute): readonly LeastPrivilegeFinding[] {
  // A route without a guard declares no scopes: the scopes of all routes count, which the app asks for anyway.
  const isGuarded = route.access === 'guarded';
  const declared = isGuarded ? declaredBy(route).flat() : cover.all;
  return endpoints
    .filter(({ isShared }) => isShared !== true)
    .filter((endpoint) => endpoint.permissionIds !== undefined && !cover.isEnough(declared, endpoint))
    .filter((endpoint) => isKnown(endpoint) || declared.length === 0)
    .map((endpoint) => ({
      kind: 'undeclared',
      route: route.name,
      handler: route.handler,
      endpoint: endpoint.endpoint,
      scopes: endpoint.scopes ?? [],
      message: `${route.name} calls ${calledName(endpoint)} (${needText(endpoint)}), and ${declaresText(isGuarded, declared)}.`,
    }));
}

const calledName = ({ endpoint, name }: CalledEndpoint): string =>
  name === undefined ? endpoint : `${name}, ${endpoint}`;

function declaresText(isGuarded: boolean, declared: readonly string[]): string {
  if (!isGuarded) return 'no route declares it';
  if (declared.length === 0) return 'declares nothing';
  return `declares ${declared.join(', ')}, which ${declared.length === 1 ? 'is' : 'are'} not known to contain it`;
}

function unneeded({ route, called, endpoints, cover }: UsedRoute): readonly LeastPrivilegeFinding[] {
  // An unknown endpoint may need any scope.
  if (called === 0 || endpoints.some((endpoint) => !isKnown(endpoint) && !cover.isEnough(cover.all, endpoint)))
    return [];
  return declaredBy(route)
    .filter((scopes) => !endpoints.some((endpoint) => cover.isEnough(scopes, endpoint)))
    .map((scopes) => ({
      kind: 'unneeded',
      route: route.name,
      handler: route.handler,
      scopes,
      message: `${route.name} declares ${scopes.join(' or ')}, never needed in ${timesText(called)}.`,
    }));
}

const timesText = (count: number): string => (count === 1 ? '1 call' : `${String(count)} calls`);
