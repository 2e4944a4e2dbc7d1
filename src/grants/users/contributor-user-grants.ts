import { upstreamId } from '../../core/values/upstream-text.js';
import type { WixUserIdentity } from '../../core/identities/wix-identity.js';
import type { ContributorsEndpoint } from './contributors.endpoint.js';
import { UserGrants, type WixHeldScopes } from './user-grants.js';
import type { WixScope } from '../scopes/wix-scope.js';

/** Which scopes each role stands for. */
export type UserRoleMap = ReadonlyMap<string, '*' | readonly WixScope[]>;

const MANAGE_CONTRIBUTORS = 'SCOPE.DC-IDENTITY.MANAGE-CONTRIBUTORS';

/**
 * The default: a site's owner holds what the app holds; anyone else what `grants.userRoles` maps their roles to.
 * A user without a mapped role holds nothing.
 */
export class ContributorUserGrants extends UserGrants {
  readonly #endpoint: ContributorsEndpoint;
  readonly #roles: UserRoleMap;

  constructor(endpoint: ContributorsEndpoint, roles: UserRoleMap) {
    super();
    this.#endpoint = endpoint;
    this.#roles = roles;
  }

  override async of(user: WixUserIdentity): Promise<WixHeldScopes> {
    if (user.isSiteOwner) return { scopes: '*' };
    const roles = await this.#endpoint.rolesOf(user.instanceId, user.userId);
    return roles === 'forbidden' ? mayNotQuery() : this.#mapped(roles);
  }

  #mapped(roles: readonly string[]): WixHeldScopes {
    const held = roles.map((role) => this.#roles.get(role) ?? []);
    if (held.includes('*')) return { scopes: '*' };
    return { scopes: held.flat(), hint: this.#hintFor(roles) };
  }

  #hintFor(roles: readonly string[]): string {
    const unmapped = roles.filter((role) => !this.#roles.has(role));
    if (roles.length === 0) return 'The user has no role on this site.';
    if (unmapped.length > 0)
      return `Map the user's role ${listed(unmapped)} in grants.userRoles, or provide UserGrants.`;
    return `The user's role ${listed(roles)} is mapped to other scopes in grants.userRoles.`;
  }
}

const MAX_LISTED = 5;

const listed = (roles: readonly string[]): string => roles.slice(0, MAX_LISTED).map(upstreamId).join(', ');

const mayNotQuery = (): WixHeldScopes => ({
  scopes: [],
  hint:
    `The app may not read the user's roles: it needs ${MANAGE_CONTRIBUTORS} (Manage Contributors), ` +
    'or provide UserGrants from a source of your own.',
});
