import { scopesGranting } from '../../grants/scopes/scope-catalogue.js';

/** A method of Wix's API that is known to need permissions. */
export interface KnownWixMethod {
  /** What it is called, such as `Get Product`. */
  readonly name: string;
  /** Its path, such as `/stores/v3/products/:productId`. */
  readonly path: string;
  /** The permission ids that its documentation names. Where these are several, not all need be needed. */
  readonly permissionIds: readonly string[];
  /** The scopes known to grant one of them, those that grant least else first. May be empty: not all are known. */
  readonly scopes: readonly string[];
}

/** The method at an HTTP method and a path, where it is known. */
export async function knownMethodAt(method: string, path: string): Promise<KnownWixMethod | undefined> {
  const { knownMethods } = await import('./known-methods.js');
  const found = methodAt(knownMethods, method, path) ?? queryByPost(knownMethods, method, path);
  if (found === undefined) return undefined;
  const { segments, permissionIds, name } = found;
  return { name: inWords(name), path: segments.join('/'), permissionIds, scopes: scopesGranting(permissionIds) };
}

interface Line {
  readonly segments: readonly string[];
  readonly permissionIds: readonly string[];
  readonly name: string;
}

// Queries are declared as GET; REST clients send them as POST. Only a path that is written out tells that it is one.
function queryByPost(lines: readonly string[], method: string, path: string): Line | undefined {
  const found = method === 'POST' ? methodAt(lines, 'GET', path) : undefined;
  return found?.segments.at(-1)?.startsWith(':') === false ? found : undefined;
}

function methodAt(lines: readonly string[], method: string, path: string): Line | undefined {
  const sent = path.split('/');
  const matching = lines
    .filter((line) => line.startsWith(`${method} /${sent[1] ?? ''}/`))
    .map(partsOf)
    .filter(({ segments }) => matches(segments, sent));
  // `/products/query` is nearer than `/products/:id`.
  return matching.sort((one, other) => placeholders(one) - placeholders(other))[0];
}

function partsOf(line: string): Line {
  const [, path = '', permissionIds = '', name = ''] = line.split(' ');
  return { segments: path.split('/'), permissionIds: permissionIds.split(';'), name };
}

const matches = (segments: readonly string[], sent: readonly string[]): boolean =>
  segments.length === sent.length &&
  segments.every((segment, index) => segment.startsWith(':') || segment === sent[index]);

const placeholders = ({ segments }: Line): number => segments.filter((part) => part.startsWith(':')).length;

// `createOrder` is documented as "Create Order".
const inWords = (name: string): string =>
  name.replace(/([a-z\d])([A-Z])/g, '$1 $2').replace(/^./, (letter) => letter.toUpperCase());
