import type { IncomingMessage } from 'node:http';

import type { InstallResponse } from './install-response.js';

/** What the requests of Express and Fastify have in common: one is Node's, the other wraps it. */
export type PlatformRequest = IncomingMessage | { readonly raw: IncomingMessage };

/** What their responses have in common. */
export interface PlatformReply {
  status(code: number): unknown;
  header(name: string, value: string | readonly string[]): unknown;
  removeHeader(name: string): unknown;
  send(body: string): unknown;
  /** Express only: Fastify's `header` adds cookies by itself. */
  append?(name: string, value: readonly string[]): unknown;
}

/** Node's request behind the platform's. */
export const nodeRequest = (request: PlatformRequest): IncomingMessage => ('raw' in request ? request.raw : request);

/** Sends an answer. */
export function reply(response: PlatformReply, { status, headers, cookies, body }: InstallResponse): void {
  for (const [name, value] of Object.entries(headers)) response.header(name, value);
  if (response.append === undefined) response.header('set-cookie', cookies);
  else response.append('set-cookie', cookies);
  // Wix shows these pages in frames, and an application's own middleware may forbid that for all of its pages.
  response.removeHeader('x-frame-options');
  response.status(status);
  response.send(body);
}
