import { scopesGranting } from '../../grants/scopes/scope-catalogue.js';

/** What is known of the permissions a method of Wix's API needs. It comes from Wix's packages, and is never complete. */
export interface WixPermissionHint {
  /** The permission ids that the method's documentation names. Where these are several, not all need be needed. */
  readonly permissionIds: readonly string[];
  /** The scopes known to grant one of them, those that grant least else first. May be empty: not all are known. */
  readonly scopes: readonly string[];
}

interface KnownMethod {
  readonly segments: readonly string[];
  readonly permissionIds: readonly string[];
}

/** What a call needs permissions for, when its method and path are known. */
export async function permissionHint(method: string, path: string): Promise<WixPermissionHint | undefined> {
  const { knownMethods } = await import('./known-methods.js');
  const found = methodAt(knownMethods, method, path) ?? queryByPost(knownMethods, method, path);
  if (found === undefined) return undefined;
  const { permissionIds } = found;
  return Object.freeze({ permissionIds, scopes: scopesGranting(permissionIds) });
}

/** The hint as a sentence. */
export function hintText({ permissionIds, scopes }: WixPermissionHint): string {
  const needed = permissionIds.join(' or ');
  if (scopes.length === 0) return `It is known to need ${needed}; the scopes that grant that are not known.`;
  const more = scopes.length - MAX_NAMED;
  const named = scopes.slice(0, MAX_NAMED).join(', ');
  return `It is known to need ${needed}, granted by ${named}${more > 0 ? ` and ${String(more)} more` : ''}.`;
}

const MAX_NAMED = 5;

// Queries are declared as GET; REST clients send them as POST. Only a path that is written out tells that it is one.
function queryByPost(lines: readonly string[], method: string, path: string): KnownMethod | undefined {
  const found = method === 'POST' ? methodAt(lines, 'GET', path) : undefined;
  return found?.segments.at(-1)?.startsWith(':') === false ? found : undefined;
}

function methodAt(lines: readonly string[], method: string, path: string): KnownMethod | undefined {
  const sent = path.split('/');
  const matching = lines
    .filter((line) => line.startsWith(`${method} /${sent[1] ?? ''}/`))
    .map(knownMethodIn)
    .filter(({ segments }) => matches(segments, sent));
  // `/products/query` is nearer than `/products/:id`.
  return matching.sort((one, other) => placeholders(one) - placeholders(other))[0];
}

function knownMethodIn(line: string): KnownMethod {
  const [, path = '', permissionIds = ''] = line.split(' ');
  return { segments: path.split('/'), permissionIds: permissionIds.split(';') };
}

const matches = (segments: readonly string[], sent: readonly string[]): boolean =>
  segments.length === sent.length &&
  segments.every((segment, index) => segment.startsWith(':') || segment === sent[index]);

const placeholders = ({ segments }: KnownMethod): number => segments.filter((part) => part.startsWith(':')).length;
