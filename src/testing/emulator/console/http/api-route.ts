import type { JsonSchema } from '../../scenario/json-schema.js';

/** A call of the API that was admitted. */
export interface ApiCall {
  /** The values of the path's `:name` segments. */
  readonly params: Readonly<Record<string, string>>;
  /** The query; of a repeated parameter the last value. */
  readonly query: Readonly<Record<string, string>>;
  /** What was sent, after it passed the route's schema; `{}` without one. */
  readonly body: unknown;
}

/** One call of the API. */
export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Under `/_emulator/api/`. */
  readonly path: string;
  /** What the body must be. Without it, no body is read. */
  readonly body?: JsonSchema;
  /** What it returns is the JSON of the answer; `undefined` is 204. */
  readonly handle: (call: ApiCall) => unknown;
}

/** Thrown by a route to refuse the call. */
export class ApiRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'ApiRefusal';
  }
}

/** What a route returns to answer 201 instead of 200. */
export class Created {
  constructor(readonly value: unknown) {}
}

/** A parameter of the path, which the router has seen to be there. */
export const param = ({ params }: ApiCall, name: string): string => params[name] ?? '';

/** A parameter of the query. @throws {ApiRefusal} 400 without it */
export function queryParam({ query }: ApiCall, name: string): string {
  const value = query[name];
  if (value === undefined || value === '') throw new ApiRefusal(400, `The query lacks "${name}".`);
  return value;
}
