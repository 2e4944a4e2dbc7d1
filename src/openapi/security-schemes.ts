import type { WixRoute } from '../manifest/wix-route.js';
import type { OpenApiObject } from './openapi-document.js';

/** The ways in which a credential can be sent. */
export type CredentialPlace = 'wixAccessToken' | 'wixSignedInstance' | 'wixInstanceQuery';

/** The options of a registration that matter for a document. */
export interface SignedInstanceSetting {
  /** Whether signed instances are accepted at all. */
  readonly isAccepted: boolean;
  /** The header that is read for one beside `Authorization`. */
  readonly header: string | undefined;
}

/** Where a route takes a credential from. */
export function placesOf(route: WixRoute, { isAccepted, header }: SignedInstanceSetting): readonly CredentialPlace[] {
  if (!route.verifiesCredentials) return [];
  const takesInstance = isAccepted && (route.access === 'public' || route.callers.some((type) => type !== 'app'));
  return [
    'wixAccessToken',
    ...(takesInstance && header !== undefined ? (['wixSignedInstance'] as const) : []),
    ...(takesInstance && route.acceptsInstanceQuery ? (['wixInstanceQuery'] as const) : []),
  ];
}

/** The security scheme of a place. */
export function schemeOf(place: CredentialPlace, { header = '', isAccepted }: SignedInstanceSetting): OpenApiObject {
  switch (place) {
    case 'wixAccessToken':
      return {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'Wix access token',
        description:
          'An access token of Wix for this app, as `fetchWithAuth` of `@wix/sdk` sends it; `Bearer` may be left out.' +
          (isAccepted ? ' From users, members and visitors, a signed instance is accepted too.' : ''),
      };
    case 'wixSignedInstance':
      return {
        type: 'apiKey',
        in: 'header',
        name: header,
        description: 'The signed `instance` of a page in a Wix iframe.',
      };
    case 'wixInstanceQuery':
      return {
        type: 'apiKey',
        in: 'query',
        name: 'instance',
        description: 'The signed `instance` that Wix adds to the address of a page in an iframe.',
      };
  }
}

// Alternatives multiply with each group: beyond this, only what is always required is listed.
const MAX_ALTERNATIVES = 16;

/**
 * The `security` of a route: one entry for each way to be admitted. OpenAPI 3.1 lists scopes there; 3.0 allows that
 * only for OAuth.
 */
export function securityOf(
  route: WixRoute,
  places: readonly CredentialPlace[],
  listsScopes: boolean,
): readonly OpenApiObject[] {
  const alternatives = listsScopes ? scopeAlternatives(route) : [[]];
  const entries = places.flatMap((place) => alternatives.map((scopes) => ({ [place]: scopes })));
  return route.access === 'public' && entries.length > 0 ? [{}, ...entries] : entries;
}

function scopeAlternatives({ scopes, anyScopes }: WixRoute): readonly (readonly string[])[] {
  const count = anyScopes.reduce((product, group) => product * group.length, 1);
  if (count > MAX_ALTERNATIVES) return [scopes];
  return anyScopes
    .reduce<readonly (readonly string[])[]>(
      (lists, group) => lists.flatMap((list) => group.map((scope) => [...list, scope])),
      [scopes],
    )
    .map((list) => [...new Set(list)]);
}
