import type { AuthenticationStrategy, Host } from '@wix/sdk';

import type { AnyWixIdentity } from '../core/identities/wix-identity.js';
import type { WixInstanceSource } from '../core/identities/known-instances.js';
import type { WixAccessToken } from '../tokens/wix-access-token.js';
import type { WixTokenService } from '../tokens/wix-token.service.js';
import { throughSdk } from './unchangeable-copy.js';

/** How a client of Wix's SDK gets its tokens. */
export type WixSdkAuth = AuthenticationStrategy<Host | undefined>;

/**
 * Lets a client made by `createClient({ auth })` call as the app on one site, with the tokens this module keeps.
 *
 * The client sends them wherever its `fetchWithAuth` is pointed, and fails once when Wix refuses one before its time;
 * {@link WixSdkClientFactory} makes clients that do neither.
 */
export const wixInstanceAuth = (tokens: WixTokenService, source: WixInstanceSource): WixSdkAuth =>
  authFrom(() => tokens.accessTokenFor(source));

/** The same on behalf of the user, member or visitor behind an identity. */
export const wixIdentityAuth = (tokens: WixTokenService, identity: AnyWixIdentity): WixSdkAuth =>
  authFrom(() => tokens.onBehalfOf(identity));

/** A strategy around whatever gives tokens. */
export const authFrom = (token: () => Promise<WixAccessToken>): WixSdkAuth => ({
  getAuthHeaders: () => throughSdk(async () => ({ headers: { Authorization: (await token()).value } })),
});
