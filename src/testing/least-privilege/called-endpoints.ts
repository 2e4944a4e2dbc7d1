import { knownMethodAt } from '../../client/answers/known-method.js';
import type { WixCall } from './recording/recorded-calls.js';

/** An endpoint of Wix that was called, as one kind of caller. */
export interface CalledEndpoint {
  /** Method and path, such as `GET /stores/v3/products/:id`. */
  readonly endpoint: string;
  /** What Wix calls it, such as `Get Product`; absent where it is not known. */
  readonly name?: string;
  /** Whose permissions the calls used. */
  readonly as: WixCall['as'];
  /** How often it was called. */
  readonly times: number;
  /** The permission ids its documentation names, which need not all be needed; absent where it is not known. */
  readonly permissionIds?: readonly string[];
  /** The scopes known to grant one of them, those that grant the least besides first. */
  readonly scopes?: readonly string[];
  /** Whether every call may have been another field's of the same GraphQL query. */
  readonly isShared?: true;
}

/** Counts calls by endpoint and caller. */
export class EndpointCalls {
  readonly #calls: { readonly call: WixCall; readonly isShared: boolean }[] = [];

  add(call: WixCall, isShared = false): void {
    this.#calls.push({ call, isShared });
  }

  /** The endpoints, sorted. */
  async list(): Promise<readonly CalledEndpoint[]> {
    const known = new Map<string, CalledEndpoint>();
    for (const { call, isShared } of this.#calls) {
      const one = await endpointOf(call);
      const key = `${one.endpoint} ${one.as}`;
      const before = known.get(key);
      const shared = isShared && (before === undefined || before.isShared === true);
      known.set(key, { ...one, times: (before?.times ?? 0) + 1, ...(shared ? { isShared: true } : {}) });
    }
    return [...known].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, endpoint]) => endpoint);
  }
}

async function endpointOf({ method, path, as }: WixCall): Promise<CalledEndpoint> {
  const found = await knownMethodAt(method, path);
  if (found === undefined) return { endpoint: `${method} ${withoutIds(path)}`, as, times: 1 };
  const { name, permissionIds, scopes } = found;
  return { endpoint: `${method} ${found.path}`, name, as, times: 1, permissionIds, scopes };
}

const withoutIds = (path: string): string =>
  path
    .split('/')
    .map((part) => (/^\d+$|^[0-9a-f]{8}-[0-9a-f-]{27}$|^.{40,}$/i.test(part) ? ':id' : part))
    .join('/');
