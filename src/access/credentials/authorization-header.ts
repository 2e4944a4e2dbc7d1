import type { HttpRequest } from './http-request.js';
import { severalCredentials } from './one-credential.js';

/**
 * The `Authorization` header of a request.
 *
 * @throws {@link WixCredentialsAmbiguousError} when there are several.
 */
export function authorizationOf({ headers, rawHeaders }: HttpRequest): string | undefined {
  const value: unknown = headers.authorization;
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || isRepeated(rawHeaders)) throw severalCredentials();
  return value;
}

const AUTHORIZATION = 'authorization';

// Of several Authorization headers Node keeps the first and hides the rest, while a proxy in front may have used
// another one. Compares letters only when two names have its length: this runs on every request.
function isRepeated(rawHeaders: readonly string[] = []): boolean {
  let candidates = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.length === AUTHORIZATION.length) candidates += 1;
  }
  return candidates > 1 && namesIn(rawHeaders).filter((name) => name.toLowerCase() === AUTHORIZATION).length > 1;
}

const namesIn = (rawHeaders: readonly string[]): readonly string[] => rawHeaders.filter((_, index) => index % 2 === 0);
