import type { CalledEndpoint } from './called-endpoints.js';

/** What an endpoint needs, in words: the permission ids of its documentation, and the scopes that grant one of them. */
export function needText({ permissionIds, scopes = [] }: CalledEndpoint): string {
  if (permissionIds === undefined) return 'what it needs is not known';
  const needed = `needs ${permissionIds.join(' or ')}`;
  if (scopes.length === 0) return `${needed}; no scope is known to grant that`;
  const more = scopes.length - MAX_NAMED;
  return `${needed} → any of ${scopes.slice(0, MAX_NAMED).join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
}

const MAX_NAMED = 5;
