import type { ClientRequest } from 'node:http';

import { hear, type Ending } from './channels.js';

/** A request that this process sends. */
export interface OutgoingRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The token in `Authorization`, without its scheme. */
  readonly token: string | undefined;
}

/** Observes what is sent to an origin: by `node:http`, which axios uses, and by `fetch`. */
export function hearOutgoing(origin: string, listener: (request: OutgoingRequest) => void): Ending {
  const endings = [
    hear('http.client.request.start', (message) => {
      const { request } = message as { readonly request: ClientRequest };
      if (`${request.protocol}//${hostOf(request)}` === origin) listener(sentByHttp(request));
    }),
    hear('undici:request:create', (message) => {
      const { request } = message as { readonly request: UndiciRequest };
      if (String(request.origin) === origin) listener(sentByFetch(request));
    }),
  ];
  return () => endings.forEach((end) => end());
}

const hostOf = (request: ClientRequest): string => textOf(request.getHeader('host')) ?? request.host;

const sentByHttp = (request: ClientRequest): OutgoingRequest => ({
  method: request.method,
  path: withoutQuery(request.path),
  token: tokenIn(textOf(request.getHeader('authorization'))),
});

/** The parts that are used of a request of undici, on which `fetch` is built. */
interface UndiciRequest {
  readonly origin: string | URL;
  readonly method: string;
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: readonly unknown[] | string;
}

const sentByFetch = ({ method, path, headers }: UndiciRequest): OutgoingRequest => ({
  method,
  path: withoutQuery(path),
  token: tokenIn(typeof headers === 'string' ? headerIn(headers.split(/:\s|\r\n/)) : headerIn(headers)),
});

function headerIn(headers: readonly unknown[]): string | undefined {
  const index = headers.findIndex((part, at) => at % 2 === 0 && String(part).toLowerCase() === 'authorization');
  return index < 0 ? undefined : textOf(headers[index + 1]);
}

const tokenIn = (header: string | undefined): string | undefined => header?.replace(/^Bearer\s+/i, '').trim();

const withoutQuery = (path: string): string => path.split('?', 1)[0] ?? path;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
