import type { IncomingMessage } from 'node:http';

import type { ApplicationConfig, HttpAdapterHost } from '@nestjs/core';

import { hasCapturedBody, keepBody } from './captured-body.js';
import { readBody } from './read-body.js';
import { servedAs, type DeclaredRoute, type SignedRoute } from './signed-routes.js';

/** What a capture works with. */
export interface CaptureParts {
  readonly host: HttpAdapterHost;
  readonly config: ApplicationConfig;
  readonly maxBodyBytes: number;
}

type Next = (error?: Error) => void;

/**
 * Reads the bodies of signed routes as bytes, before the application's parsers would, and leaves all others alone.
 *
 * Made while modules are being loaded: only then does it stand before the parsers, which `init()` adds.
 */
export class BodyCapture {
  readonly #parts: CaptureParts;
  readonly #declared: readonly DeclaredRoute[];
  #served: readonly SignedRoute[] | undefined;

  constructor(parts: CaptureParts, routes: readonly DeclaredRoute[]) {
    this.#parts = parts;
    this.#declared = routes;
    if (routes.length > 0) this.#whenThereIsAnAdapter(() => this.#install());
  }

  // Under Test.createTestingModule() the adapter comes after the providers.
  #whenThereIsAnAdapter(install: () => void): void {
    const { host } = this.#parts;
    if (adapterOf(host) === undefined) host.init$.subscribe(install);
    else install();
  }

  #install(): void {
    const adapter = adapterOf(this.#parts.host);
    const capture = (request: IncomingMessage, next: Next): void => this.#capture(request, next);
    if (adapter?.getType() === 'express') {
      adapter.use((request: IncomingMessage, _response: unknown, next: Next) => capture(request, next));
    } else if (adapter?.getType() === 'fastify') {
      fastifyOf(adapter.getInstance()).addHook('onRequest', ({ raw }, _reply, next) => capture(raw, next));
    }
  }

  #capture(request: IncomingMessage, next: Next): void {
    if (!this.#isSigned(request) || hasCapturedBody(request) || wasReadByHost(request)) {
      next();
      return;
    }
    readBody(request, this.#parts.maxBodyBytes).then((body) => {
      keepBody(request, body);
      hideFromParsers(request);
      next();
    }, next);
  }

  #isSigned({ method, url = '' }: IncomingMessage): boolean {
    // The global prefix and versioning are set after this was made, and before the first request.
    this.#served ??= this.#declared.map((route) => servedAs(route, this.#parts.config));
    const [path = ''] = url.split('?', 1);
    return this.#served.some(
      (route) => (route.method === undefined || route.method === method) && route.path.test(path),
    );
  }
}

const adapterOf = (host: HttpAdapterHost): HttpAdapterHost['httpAdapter'] | undefined => host.httpAdapter;

interface FastifyLike {
  addHook(
    name: 'onRequest',
    hook: (request: { readonly raw: IncomingMessage }, reply: unknown, done: Next) => void,
  ): unknown;
}

const fastifyOf = (instance: unknown): FastifyLike => instance as FastifyLike;

// Serverless hosts hand over a request whose stream is spent, with its bytes in rawBody.
const wasReadByHost = (request: IncomingMessage): boolean => request.readableDidRead || 'rawBody' in request;

// Without these a request has no body for a parser to read.
function hideFromParsers({ headers }: IncomingMessage): void {
  delete headers['content-type'];
  delete headers['content-length'];
  delete headers['transfer-encoding'];
}
