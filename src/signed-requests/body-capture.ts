import type { IncomingMessage } from 'node:http';

import type { HttpAdapterHost } from '@nestjs/core';

import type { AuthEvents } from '../core/auth-events.js';
import type { DeclaredRoute, RouteAddresses } from '../nest/route-addresses.js';
import { hasCapturedBody, keepBody, type CapturedBody } from './bodies/captured-body.js';
import { readBody } from './bodies/read-body.js';
import {
  expressMatcher,
  fastifyMatcher,
  isSignedRoute,
  type ExpressRouting,
  type KnownRoute,
  type SignedRouteMatcher,
} from './signed-routes.js';

/** What a capture works with. */
export interface CaptureParts {
  readonly host: HttpAdapterHost;
  readonly addresses: RouteAddresses;
  readonly maxBodyBytes: number;
  readonly events: AuthEvents;
}

type Next = (error?: Error) => void;

/**
 * Reads the bodies of signed routes as bytes, before the application's parsers would, and leaves all others alone.
 *
 * Made while modules are being loaded: only then does it stand before the parsers, which `init()` adds. Where routes
 * are served is known only after that, so they are looked up at the first request.
 */
export class BodyCapture {
  readonly #parts: CaptureParts;
  readonly #isForeign: (route: DeclaredRoute) => boolean;
  #matcher: SignedRouteMatcher | undefined;

  /** @param isForeign - Whether a signed route is another registration's, with its own capture. */
  constructor(parts: CaptureParts, isForeign: (route: DeclaredRoute) => boolean) {
    this.#parts = parts;
    this.#isForeign = isForeign;
    if (parts.addresses.declared().some((route) => this.#isOurs(route))) this.#whenThereIsAnAdapter();
  }

  #isOurs(route: DeclaredRoute): boolean {
    return isSignedRoute(route) && !this.#isForeign(route);
  }

  // Under Test.createTestingModule() the adapter comes after the providers.
  #whenThereIsAnAdapter(): void {
    const { host } = this.#parts;
    if (adapterOf(host) === undefined) host.init$.subscribe(() => this.#install());
    else this.#install();
  }

  #install(): void {
    const adapter = adapterOf(this.#parts.host);
    if (adapter?.getType() === 'express') this.#installOnExpress(adapter);
    else if (adapter?.getType() === 'fastify') this.#installOnFastify(adapter);
  }

  #installOnExpress(adapter: Adapter): void {
    adapter.use((request: IncomingMessage, _response: unknown, next: Next) => {
      this.#matcher ??= expressMatcher(this.#routes(), routingOf(adapter));
      this.#capture(request, next, this.#matcher(request.method ?? '', pathOf(request)));
    });
  }

  // Fastify has found the route by the time its hooks run.
  #installOnFastify(adapter: Adapter): void {
    fastifyOf(adapter.getInstance()).addHook('onRequest', ({ raw, routeOptions }, _reply, next) => {
      this.#matcher ??= fastifyMatcher(
        this.#routes().map((route) => ({ ...route, path: adapter.normalizePath(route.path) })),
      );
      this.#capture(raw, next, this.#matcher(raw.method ?? '', routeOptions?.url ?? ''));
    });
  }

  #report(body: CapturedBody): void {
    if ('bytes' in body || body.refusal !== 'too-large') return;
    this.#parts.events.emit('bodyTooLarge', { bytes: body.size, maxBytes: body.maxBytes });
  }

  #routes(): readonly KnownRoute[] {
    return this.#parts.addresses.all().map((route) => ({ ...route, isSigned: this.#isOurs(route) }));
  }

  #capture(request: IncomingMessage, next: Next, isSigned: boolean): void {
    if (!isSigned || hasCapturedBody(request) || wasReadByHost(request)) {
      next();
      return;
    }
    readBody(request, this.#parts.maxBodyBytes).then((body) => {
      this.#report(body);
      keepBody(request, body);
      hideFromParsers(request);
      next();
    }, next);
  }
}

type Adapter = HttpAdapterHost['httpAdapter'];

const adapterOf = (host: HttpAdapterHost): Adapter | undefined => host.httpAdapter;

function routingOf(adapter: Adapter): ExpressRouting {
  const express = adapter.getInstance<ExpressLike>();
  return {
    sensitive: express.enabled('case sensitive routing'),
    strict: express.enabled('strict routing'),
    normalizePath: (path) => adapter.normalizePath(path),
  };
}

interface ExpressLike {
  enabled(setting: string): boolean;
}

interface FastifyLike {
  addHook(
    name: 'onRequest',
    hook: (
      request: { readonly raw: IncomingMessage; readonly routeOptions?: { readonly url?: string } },
      reply: unknown,
      done: Next,
    ) => void,
  ): unknown;
}

const fastifyOf = (instance: unknown): FastifyLike => instance as FastifyLike;

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';

// Serverless hosts hand over a request whose stream is spent, with its bytes in rawBody.
const wasReadByHost = (request: IncomingMessage): boolean => request.readableDidRead || 'rawBody' in request;

// Without these a request has no body for a parser to read.
function hideFromParsers({ headers }: IncomingMessage): void {
  delete headers['content-type'];
  delete headers['content-length'];
  delete headers['transfer-encoding'];
}
