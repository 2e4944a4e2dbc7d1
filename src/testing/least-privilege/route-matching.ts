import { match } from 'path-to-regexp';

import type { WixRoute } from '../../index.js';
import type { EventRun, ReceivedRequest } from './recording/recorded-calls.js';

/** The routes that answered a request: one over HTTP, or the fields of a GraphQL query; none if guards refused it. */
export function routesOfRequest(routes: readonly WixRoute[], request: ReceivedRequest): readonly WixRoute[] {
  const handled = routes.filter(({ handler }) => request.passed.has(handler) && !request.refused.has(handler));
  const route = nearest((handled.length > 0 ? handled : undecided(routes)).filter((one) => isAt(one, request)));
  if (route !== undefined) return [route];
  return handled.filter(({ kind }) => kind !== 'http' && kind !== 'service-plugin');
}

/** The route of an event's handler. */
export function routesOfRun(routes: readonly WixRoute[], { type, handler }: EventRun): readonly WixRoute[] {
  const own = routes.filter((route) => route.kind === 'event' && route.handler === handler);
  const named = own.filter(({ name }) => name === `event ${type}`);
  return named.length > 0 ? named : own.slice(0, 1);
}

// For a guarded route, a guard would have reported it.
const undecided = (routes: readonly WixRoute[]): readonly WixRoute[] =>
  routes.filter(({ access }) => access !== 'guarded');

function isAt({ method, path }: WixRoute, request: ReceivedRequest): boolean {
  if (path === undefined || !(method === request.method || method === 'ALL')) return false;
  return match(path)(request.path) !== false;
}

// Express takes the first that matches, Fastify the one that is written out.
const nearest = (routes: readonly WixRoute[]): WixRoute | undefined =>
  routes.find(({ path = '' }) => !/[:*{]/.test(path)) ?? routes[0];
