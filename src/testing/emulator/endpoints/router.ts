import type { Platform } from '../platform.js';
import type { RecordedRequest } from '../request-log.js';
import { Refused, wixError, type Answer } from '../wire/answer.js';
import type { Call, Endpoint } from './endpoint.js';

/** Finds the endpoint for a request. Endpoints added later win. */
export class Router {
  readonly #platform: Platform;
  readonly #warn: (message: string) => void;
  readonly #endpoints: Endpoint[];

  constructor(platform: Platform, endpoints: readonly Endpoint[], warn: (message: string) => void) {
    this.#platform = platform;
    this.#endpoints = [...endpoints];
    this.#warn = warn;
  }

  /** All endpoints, those added last first. */
  get endpoints(): readonly Endpoint[] {
    return this.#endpoints;
  }

  add(endpoint: Endpoint): void {
    this.#endpoints.unshift(endpoint);
  }

  async answer(request: RecordedRequest): Promise<Answer> {
    try {
      return await this.#dispatch(request);
    } catch (error) {
      if (error instanceof Refused) return error.answer;
      this.#warn(`The Wix emulator failed on ${request.method} ${request.path}: ${String(error)}`);
      return wixError(500, 'INTERNAL', '', `The emulator or a served endpoint failed: ${String(error)}`);
    }
  }

  #dispatch(request: RecordedRequest): Answer | Promise<Answer> {
    for (const endpoint of this.#endpoints) {
      const params = takesMethod(endpoint, request.method) ? paramsOf(endpoint.path, request.path) : undefined;
      if (params) return endpoint.handle({ request, params, platform: this.#platform } satisfies Call);
    }
    return this.#unknown(request);
  }

  #unknown({ method, path }: RecordedRequest): Answer {
    const known = this.#endpoints.map((endpoint) => `${endpoint.method} ${endpoint.path}`).join(', ');
    const note = `The Wix emulator has no ${method} ${path}. It has: ${known}. Add others with wix.serve().`;
    this.#warn(note);
    return wixError(404, 'NOT_FOUND', `No ${method} ${path} here.`, note);
  }
}

const takesMethod = (endpoint: Endpoint, method: string): boolean =>
  endpoint.method === '*' || endpoint.method === method || (endpoint.method === 'GET' && method === 'HEAD');

/** The values of the `:name` segments of a pattern, or `undefined` when the path is another one. */
export function paramsOf(pattern: string, path: string): Record<string, string> | undefined {
  const expected = pattern.split('/');
  const found = path.split('/');
  if (expected.length !== found.length) return undefined;

  const params: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = found[index] ?? '';
    if (segment.startsWith(':')) params[segment.slice(1)] = decodeURIComponent(value);
    else if (segment !== value) return undefined;
  }
  return params;
}
