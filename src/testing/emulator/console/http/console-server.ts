import type { IncomingMessage, ServerResponse } from 'node:http';

import { paramsOf } from '../../endpoints/router.js';
import { isWixPage } from '../installing/wix-pages.js';
import { readApiBody } from './api-body.js';
import { ApiRefusal, Created, type ApiRoute } from './api-route.js';
import type { PageFile } from './console-pages.js';
import { dashboardSdk } from './dashboard-sdk.js';
import type { EventStream } from './event-stream.js';
import { assertAdmitted, assertLocal, assertOwnForm, type GateSettings } from './gate.js';

/** What the console's HTTP side needs. */
export interface ConsoleServerParts {
  readonly gate: GateSettings;
  readonly routes: readonly ApiRoute[];
  readonly stream: EventStream;
  readonly pages: ReadonlyMap<string, PageFile>;
  /** The origins of the apps: those that may load the dashboard script and be shown in a frame. */
  readonly appOrigins: readonly string[];
  readonly now: () => number;
}

const BASE = '/_emulator/';
const API = `${BASE}api/`;

/** Answers what is below `/_emulator/`, and redirects `/` to it. */
export class ConsoleServer {
  readonly #parts: ConsoleServerParts;

  constructor(parts: ConsoleServerParts) {
    this.#parts = parts;
  }

  /** Answers a request if it is for the console; returns whether it was. */
  readonly handle = (request: IncomingMessage, response: ServerResponse): boolean => {
    const { pathname } = new URL(request.url ?? '/', 'http://emulator');
    if (request.method === 'POST' && isWixPage(pathname)) return this.#refusesForm(request, response);
    if (pathname !== '/' && pathname !== BASE.slice(0, -1) && !pathname.startsWith(BASE)) return false;
    this.#answer(pathname, request, response).catch((error: unknown) => refuse(response, error));
    return true;
  };

  #refusesForm(request: IncomingMessage, response: ServerResponse): boolean {
    try {
      assertOwnForm(request, this.#parts.gate);
      return false;
    } catch (error) {
      refuse(response, error);
      return true;
    }
  }

  async #answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (path.startsWith(API)) {
      assertAdmitted(request, this.#parts.gate);
      await this.#answerCall(path.slice(API.length), request, response);
      return;
    }
    assertLocal(request, this.#parts.gate);
    if (!path.startsWith(BASE)) response.writeHead(302, { location: BASE }).end();
    else if (path === `${BASE}dashboard-sdk.js`) this.#sendSdk(request, response);
    else this.#sendPage(path.slice(BASE.length), response);
  }

  async #answerCall(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (path === 'stream' && request.method === 'GET') {
      this.#parts.stream.add(response, this.#parts.now());
      return;
    }
    const { route, params } = this.#routeOf(path, request.method ?? 'GET');
    const { searchParams } = new URL(request.url ?? '/', 'http://emulator');
    const body = route.body ? await readApiBody(request, route.body) : {};
    sendJson(response, await route.handle({ params, query: Object.fromEntries(searchParams), body }));
  }

  #routeOf(path: string, method: string): { readonly route: ApiRoute; readonly params: Record<string, string> } {
    const found = this.#parts.routes.flatMap((route) => {
      const params = paramsOf(route.path, path);
      return params ? [{ route, params }] : [];
    });
    const match = found.find(({ route }) => route.method === method);
    if (match) return match;
    throw new ApiRefusal(found.length > 0 ? 405 : 404, `The console's API has no ${method} ${path}.`);
  }

  #sendSdk({ headers }: IncomingMessage, response: ServerResponse): void {
    const { origin = '' } = headers;
    const cors = this.#parts.appOrigins.includes(origin)
      ? { 'access-control-allow-origin': origin, vary: 'origin' }
      : {};
    response.writeHead(200, { ...SECURE, ...cors, 'content-type': 'text/javascript; charset=utf-8' }).end(dashboardSdk);
  }

  #sendPage(path: string, response: ServerResponse): void {
    const file = this.#parts.pages.get(path) ?? (path.includes('.') ? undefined : this.#parts.pages.get('index.html'));
    if (!file) throw new ApiRefusal(404, `The console has no ${path}.`);
    response.writeHead(200, { ...SECURE, ...this.#pagePolicy(), 'content-type': file.contentType }).end(file.content);
  }

  #pagePolicy(): Record<string, string> {
    const policy = [
      "default-src 'self'",
      "img-src 'self' data:",
      "style-src 'self' 'unsafe-inline'",
      `frame-src ${this.#parts.appOrigins.join(' ')}`,
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ];
    return { 'content-security-policy': policy.join('; '), 'x-frame-options': 'DENY' };
  }
}

const SECURE = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

function sendJson(response: ServerResponse, result: unknown): void {
  if (result === undefined) {
    response.writeHead(204, SECURE).end();
    return;
  }
  const [status, value] = result instanceof Created ? [201, result.value] : [200, result];
  response.writeHead(status, { ...SECURE, 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = error instanceof ApiRefusal ? error.status : 500;
  const text = error instanceof Error ? error.message : String(error);
  const headers = { ...SECURE, 'content-type': 'application/json', connection: 'close' };
  response.writeHead(status, headers).end(JSON.stringify({ error: text }));
}
