import type { WixScope } from 'nestjs-wix-auth';

export const READ_PRODUCTS: WixScope = 'SCOPE.DC-STORES.READ-PRODUCTS';
export const MANAGE_PRODUCTS: WixScope = 'SCOPE.DC-STORES.MANAGE-PRODUCTS';
export const MANAGE_CONTRIBUTORS: WixScope = 'SCOPE.DC-IDENTITY.MANAGE-CONTRIBUTORS';

/** Ids of two roles on the site, as Query Site Contributors shows them. */
export const CATALOG_MANAGER_ROLE = '6600344420111308827';
export const SUPPORT_AGENT_ROLE = '6600344420111308828';
