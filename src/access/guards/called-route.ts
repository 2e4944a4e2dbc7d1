import type { ExecutionContext } from '@nestjs/common';

import { isJsonObject } from '../../core/values/json.js';
import { requestIdText } from '../../core/values/upstream-text.js';

/** Class and method of the handler. */
export const handlerOf = (context: ExecutionContext): string =>
  `${context.getClass().name}.${context.getHandler().name}`;

/**
 * Method and path template of the route, as Express and Fastify have it: `GET /products/:id`. Never the address that was
 * asked for, which may hold a credential.
 */
export function routeOf(context: ExecutionContext): string | undefined {
  const request = requestOf(context);
  if (request === undefined) return undefined;
  const path = expressPath(request['route']) ?? fastifyPath(request['routeOptions']);
  return path === undefined ? undefined : `${String(request['method'])} ${path}`;
}

/** The id that something in front of us gave the request; never a header that the caller may have written. */
export function requestIdOf(context: ExecutionContext): string | undefined {
  const id = requestOf(context)?.['id'];
  return requestIdText(typeof id === 'number' ? String(id) : id);
}

function requestOf(context: ExecutionContext): Readonly<Record<string, unknown>> | undefined {
  if (context.getType() !== 'http') return undefined;
  const request: unknown = context.getArgByIndex(0);
  return isJsonObject(request) ? request : undefined;
}

const expressPath = (route: unknown): string | undefined =>
  isJsonObject(route) && typeof route['path'] === 'string' ? route['path'] : undefined;

const fastifyPath = (route: unknown): string | undefined =>
  isJsonObject(route) && typeof route['url'] === 'string' ? route['url'] : undefined;
