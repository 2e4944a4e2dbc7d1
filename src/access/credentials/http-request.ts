import { IncomingMessage, type IncomingHttpHeaders } from 'node:http';

import type { ArgumentsHost } from '@nestjs/common';

/** The parts of Node's request that are used. Adapters of serverless platforms leave out some. */
export interface HttpRequest {
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as received. */
  readonly rawHeaders?: readonly string[];
  readonly method?: string | undefined;
  readonly url?: string | undefined;
}

/** Node's request behind a context: Express's own, what Fastify wraps, or the one a GraphQL operation came with. */
export function httpRequestOf(host: ArgumentsHost): HttpRequest | undefined {
  const type = host.getType<string>();
  if (type === 'http') return rawRequest(host.getArgByIndex(0));
  return type === 'graphql' ? requestOfOperation(graphqlContextOf(host)) : undefined;
}

/** The context that a GraphQL server made for an operation. */
export const graphqlContextOf = (host: ArgumentsHost): unknown => host.getArgByIndex(contextIndex(host));

/** What a GraphQL server knows of the field that is being resolved. */
export const graphqlInfoOf = (host: ArgumentsHost): unknown => host.getArgByIndex(contextIndex(host) + 1);

// Federation's reference resolvers have no arguments between their root and the context.
const contextIndex = (host: ArgumentsHost): number => (host.getArgs<unknown[]>().length === 3 ? 1 : 2);

// Apollo provides `req`, Mercurius `reply`; `request` is common in hand-written contexts.
function requestOfOperation(context: unknown): HttpRequest | undefined {
  if (!isObject(context)) return undefined;
  const { req, request, reply } = context;
  return rawRequest(req ?? request ?? (isObject(reply) ? reply['request'] : undefined));
}

/** Node's request behind a platform's. */
export function rawRequest(request: unknown): HttpRequest | undefined {
  // Most are Node's own: checking the class is cheaper than looking for headers.
  if (request instanceof IncomingMessage) return request;
  if (!isObject(request)) return undefined;
  const { raw } = request;
  if (isHttpRequest(raw)) return raw;
  return isHttpRequest(request) ? request : undefined;
}

const isHttpRequest = (value: unknown): value is HttpRequest =>
  value instanceof IncomingMessage || (isObject(value) && isObject(value['headers']));

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
