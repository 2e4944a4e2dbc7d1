import { knownMethodAt } from './known-method.js';

/** Known permissions of a method of Wix's API. Read from Wix's packages, and never complete. */
export interface WixPermissionHint {
  /** The permission ids that the method's documentation names. Where these are several, not all need be needed. */
  readonly permissionIds: readonly string[];
  /** The scopes known to grant one of them, those that grant least else first. May be empty: not all are known. */
  readonly scopes: readonly string[];
}

/** What a call needs permissions for, when its method and path are known. */
export async function permissionHint(method: string, path: string): Promise<WixPermissionHint | undefined> {
  const found = await knownMethodAt(method, path);
  return found && Object.freeze({ permissionIds: found.permissionIds, scopes: found.scopes });
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
