/**
 * Where Wix's documentation, its SDK and its real answers disagree or are silent, the emulator can behave either way.
 * All of these may be changed at any time and count from the next request on.
 */
export interface WixEmulatorVariants {
  /**
   * What a renewal of custom authentication (`/oauth/access`) gives back: the `same` refresh token, or a new one that
   * ends the one it used. What Wix does is a guess.
   *
   * @default 'same'
   */
  refreshTokens: 'same' | 'rotated';
  /**
   * How token-info writes its values: `native` (`true`, `1700000000`), `strings` (`"true"`, `"1700000000"`, as in the
   * documentation's sample) or `protobuf` (`true`, `"1700000000"`, as Wix's other APIs write 64-bit numbers).
   *
   * @default 'native'
   */
  tokenInfo: 'native' | 'strings' | 'protobuf';
  /**
   * What token-info says about an expired token: 200 with `active: false`, or 401.
   *
   * @default 'inactive'
   */
  expiredToken: 'inactive' | 401;
  /**
   * What token-info says about something it never issued: 400, 401, or 200 with `active: false`.
   *
   * @default 400
   */
  unknownToken: 400 | 401 | 'inactive';
  /**
   * What happens to tokens when the site removes the app: `dead` at once, or `alive` until they expire. Wix documents
   * neither.
   *
   * @default 'dead'
   */
  tokensOfRemovedInstalls: 'dead' | 'alive';
  /**
   * The status of `/oauth2/token` for an instance id that is unknown, removed, or another app's.
   *
   * @default 404
   */
  unknownInstance: 400 | 401 | 404;
  /**
   * How `/oauth2/token` writes `expires_in`. Some flows of Wix were seen to leave it out.
   *
   * @default 'number'
   */
  expiresIn: 'number' | 'string' | 'missing';
  /**
   * How long new access tokens live, in seconds.
   *
   * @default 14_400 (4 hours)
   */
  accessTokenLifetimeSeconds: number;
  /**
   * Whether Wix's APIs take a token that came from a front end as it is, or only after a backend exchanged it by
   * `strip_bound_session`. What Wix does is a guess; `refused` shows you a forgotten exchange.
   *
   * @default 'refused'
   */
  boundTokens: 'refused' | 'accepted';
  /**
   * What Get App Instance lists: `scopes` as granted (`SCOPE.DC-STORES.READ-PRODUCTS`), or the `permissions` they
   * contain (`WIX_STORES.READ_PRODUCTS`), as in the documentation's samples. A scope the emulator does not know the
   * contents of stands for itself; see `scopeContents` of the start options.
   *
   * @default 'scopes'
   */
  grants: 'scopes' | 'permissions';
  /**
   * How Get App Instance says that nothing is granted: no `permissions` at all, or an empty list.
   *
   * @default 'omitted'
   */
  emptyGrants: 'omitted' | 'listed';
  /**
   * How an API refuses a caller without the permission: 403 with Wix's body, 404, 403 with an `empty` body, or 403
   * with a branded `html` page. All were seen.
   *
   * @default 403
   */
  missingPermission: 403 | 404 | 'empty' | 'html';
  /**
   * Whether members and visitors may read published products when the app may.
   *
   * @default false
   */
  visitorsMayRead: boolean;
  /**
   * Resource calls an installation may make in a minute before it gets 429. Wix allows 200.
   *
   * @default Infinity
   */
  requestsPerMinute: number;
  /**
   * Whether a 429 says in `Retry-After` how long to wait. Wix does not document that it does.
   *
   * @default false
   */
  retryAfter: boolean;
  /**
   * The most contributors in one answer, whatever the request asks for.
   *
   * @default 50
   */
  contributorsPageSize: number;
  /**
   * Whether the site's owner is among the contributors, holding the role {@link OWNER_ROLE_ID}. Undocumented.
   *
   * @default true
   */
  ownerIsContributor: boolean;
  /**
   * Where the next page's cursor stands: `metadata.cursors.next` or `pagingMetadata.cursors.next`. How this endpoint
   * pages is a guess.
   *
   * @default 'metadata'
   */
  contributorsPaging: 'metadata' | 'pagingMetadata';
  /**
   * How an assignment names its role: `policy: { policyId }` or `policy: '<id>'`. The shape is undocumented.
   *
   * @default 'object'
   */
  assignmentPolicy: 'object' | 'string';
  /**
   * Where an assignment limited to some locations names them: in itself (`locationIds`), in its `subject`, or under
   * `restrictions.locations`. The shape is undocumented.
   *
   * @default 'assignment'
   */
  assignmentLocations: 'assignment' | 'subject' | 'restrictions';
}

/** The role id of a site's owner, as Wix lists it. */
export const OWNER_ROLE_ID = '6601492336091027458';

/** How the emulator behaves by default. */
export function defaultVariants(): WixEmulatorVariants {
  return {
    refreshTokens: 'same',
    tokenInfo: 'native',
    expiredToken: 'inactive',
    unknownToken: 400,
    tokensOfRemovedInstalls: 'dead',
    unknownInstance: 404,
    expiresIn: 'number',
    accessTokenLifetimeSeconds: 14_400,
    boundTokens: 'refused',
    grants: 'scopes',
    emptyGrants: 'omitted',
    missingPermission: 403,
    visitorsMayRead: false,
    requestsPerMinute: Infinity,
    retryAfter: false,
    contributorsPageSize: 50,
    ownerIsContributor: true,
    contributorsPaging: 'metadata',
    assignmentPolicy: 'object',
    assignmentLocations: 'assignment',
  };
}
