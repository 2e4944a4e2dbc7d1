import type { KnownWixScope } from './known-scopes.js';

/**
 * A permission scope (`SCOPE.DC-STORES.MANAGE-PRODUCTS`) or a permission id (`WIX_STORES.READ_INVENTORY`).
 * Known scopes complete in the editor; any other string is accepted, because Wix adds scopes all the time.
 */
export type WixScope = KnownWixScope | (string & Record<never, never>);
