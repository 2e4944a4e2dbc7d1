import { compile } from 'path-to-regexp';

import type { WixRoute } from '../../index.js';
import { bodyExample, parameterExamples, type OpenApiLike } from './openapi-examples.js';

/** How a route is called in a test. */
export interface AccessMatrixRequest {
  /** The path with its query, such as `/products/17`. */
  readonly path: string;
  /** The HTTP method. */
  readonly method: string;
  /** What is sent as JSON. */
  readonly body?: unknown;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** How to call a route where the examples do not say: what it leaves out is taken from them. */
export type RequestOf = (route: WixRoute) => Partial<AccessMatrixRequest> | undefined;

// A valid GUID that no entity has.
const NO_ID = '00000000-0000-4000-8000-000000000000';

/** How to call a route; `undefined` for what is not called over HTTP, unless `requestOf` says how. */
export function requestFor(
  route: WixRoute,
  document: OpenApiLike | undefined,
  requestOf: RequestOf,
): AccessMatrixRequest | undefined {
  const given = requestOf(route);
  const path = given?.path ?? examplePath(route, document);
  if (path === undefined) return undefined;
  const method = given?.method ?? (route.method === 'ALL' ? 'GET' : (route.method ?? 'POST'));
  const body =
    given?.body ?? (method === 'GET' || method === 'HEAD' ? undefined : (bodyExample(route, document) ?? {}));
  return { ...given, path, method, body };
}

function examplePath({ method, path, ...route }: WixRoute, document: OpenApiLike | undefined): string | undefined {
  if (path === undefined || method === undefined) return undefined;
  const examples = parameterExamples({ ...route, method, path }, document);
  const named = new Proxy<Record<string, string | string[]>>(
    {},
    {
      get: (_target, name) => examples[String(name)] ?? (path.includes(`*${String(name)}`) ? [NO_ID] : NO_ID),
    },
  );
  return compile(path)(named);
}
