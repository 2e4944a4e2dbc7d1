import type { Type } from '@nestjs/common';
import { pathToRegexp } from 'path-to-regexp';

import { guardsOn } from '../nest/nest-metadata.js';
import type { DeclaredRoute, RouteAddress } from '../nest/route-addresses.js';
import { takesRawBody } from './bodies/captured-body.js';
import { WixDigestGuard } from './wix-digest.guard.js';
import { WixServicePluginGuard } from './service-plugins/wix-service-plugin.guard.js';

/** A route that is served, and whether the body of its requests is signed. */
export interface KnownRoute extends RouteAddress {
  readonly isSigned: boolean;
}

const SIGNED_GUARDS: readonly Type[] = [WixServicePluginGuard, WixDigestGuard];

/** Whether a route verifies the bytes of its body: it stands behind a guard that does, or takes them itself. */
export const isSignedRoute = ({ controller, name, handler }: DeclaredRoute): boolean =>
  [controller, handler].flatMap(guardsOn).some(isSignedGuard) || takesRawBody(controller, name);

const isSignedGuard = (guard: unknown): boolean =>
  SIGNED_GUARDS.some((type) => guard === type || guard instanceof type);

/** Whether a request comes to a signed route. */
export type SignedRouteMatcher = (method: string, path: string) => boolean;

/** How an Express application compares paths, and how Nest rewrites those of older syntax for it. */
export interface ExpressRouting {
  readonly sensitive: boolean;
  readonly strict: boolean;
  readonly normalizePath: (path: string) => string;
}

/**
 * Compares as Express does: patterns of path-to-regexp, the first route that matches is the one. Routes that differ only
 * in their host, or in a version outside the path, are not told apart.
 */
export function expressMatcher(routes: readonly KnownRoute[], routing: ExpressRouting): SignedRouteMatcher {
  const known = routes.map((route) => ({ ...route, pattern: patternOf(route.path, routing) }));
  return (method, path) => {
    const matches = ({ method: own, pattern }: (typeof known)[number]): boolean =>
      (own === 'ALL' || own === method) && pattern.test(path);
    const isSigned = known.some((route) => route.isSigned && matches(route));
    return isSigned && known.find(matches)?.isSigned === true;
  };
}

function patternOf(path: string, { sensitive, strict, normalizePath }: ExpressRouting): RegExp {
  const options = { sensitive, trailing: !strict };
  try {
    return pathToRegexp(path, options).regexp;
  } catch {
    return pathToRegexp(normalizePath(path), options).regexp;
  }
}

/** Compares with the route that Fastify found, by its registered path. */
export function fastifyMatcher(routes: readonly KnownRoute[]): SignedRouteMatcher {
  const signed = new Set(routes.filter(({ isSigned }) => isSigned).map(({ method, path }) => `${method} ${path}`));
  return (method, path) => signed.has(`${method} ${path}`) || signed.has(`ALL ${path}`);
}
