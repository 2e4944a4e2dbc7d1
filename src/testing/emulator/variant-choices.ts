import type { WixEmulatorVariants } from './variants.js';

/** What a variant can be, and what it is about. */
export interface VariantChoice {
  /** The values to choose from; `null` for a number. */
  readonly choices: readonly (string | number | boolean)[] | null;
  readonly text: string;
}

/** Every variant with its values, and where Wix is known to differ. */
export const variantChoices: Readonly<Record<keyof WixEmulatorVariants, VariantChoice>> = {
  refreshTokens: {
    choices: ['same', 'rotated'],
    text: 'What a renewal of custom authentication gives back. What Wix does is a guess.',
  },
  tokenInfo: {
    choices: ['native', 'strings', 'protobuf'],
    text: "How token-info writes its values. Wix's documentation, its packages and real answers differ.",
  },
  expiredToken: { choices: ['inactive', 401], text: 'What token-info says of an expired token. Not documented.' },
  unknownToken: {
    choices: [400, 401, 'inactive'],
    text: 'What token-info says of what it never issued. Not documented.',
  },
  tokensOfRemovedInstalls: {
    choices: ['dead', 'alive'],
    text: 'What happens to tokens when a site removes the app. Wix documents neither.',
  },
  unknownInstance: {
    choices: [400, 401, 404],
    text: 'The status of /oauth2/token for an unknown instance. 404 was seen.',
  },
  expiresIn: {
    choices: ['number', 'string', 'missing'],
    text: 'How /oauth2/token writes expires_in. Some flows of Wix were seen to leave it out.',
  },
  accessTokenLifetimeSeconds: { choices: null, text: 'How long new access tokens live, in seconds. 4 hours at Wix.' },
  boundTokens: {
    choices: ['refused', 'accepted'],
    text: "Whether Wix's APIs take a front end's token before it was exchanged. What Wix does is a guess.",
  },
  grants: {
    choices: ['scopes', 'permissions'],
    text: 'What Get App Instance lists. Scope ids were seen, the documentation shows permission ids.',
  },
  emptyGrants: { choices: ['omitted', 'listed'], text: 'How Get App Instance says that nothing is granted.' },
  missingPermission: {
    choices: [403, 404, 'empty', 'html'],
    text: 'How an API refuses a caller without the permission. All of them were seen.',
  },
  visitorsMayRead: {
    choices: [false, true],
    text: 'Whether members and visitors may read published products when the app may.',
  },
  requestsPerMinute: {
    choices: null,
    text: 'Calls an installation may make in a minute before it gets 429. 200 at Wix.',
  },
  retryAfter: {
    choices: [false, true],
    text: 'Whether a 429 says how long to wait. Wix does not document that it does.',
  },
  contributorsPageSize: { choices: null, text: 'The most contributors in one answer.' },
  ownerIsContributor: { choices: [true, false], text: 'Whether the owner is among the contributors. Not documented.' },
  contributorsPaging: {
    choices: ['metadata', 'pagingMetadata'],
    text: "Where the cursor of the contributors' next page stands. A guess.",
  },
  assignmentPolicy: {
    choices: ['object', 'string'],
    text: 'How an assignment of a contributor names its role. The shape is not documented.',
  },
  assignmentLocations: {
    choices: ['assignment', 'subject', 'restrictions'],
    text: 'Where an assignment names the locations it is limited to. The shape is not documented.',
  },
};
