import type { EmulatedApp, WixEmulator } from 'nestjs-wix-auth/testing';

export const READ_PRODUCTS = 'SCOPE.DC-STORES.READ-PRODUCTS';
export const MANAGE_PRODUCTS = 'SCOPE.DC-STORES.MANAGE-PRODUCTS';
export const READ_ORDERS = 'SCOPE.DC-STORES.READ-ORDERS';
export const MANAGE_CONTRIBUTORS = 'SCOPE.DC-IDENTITY.MANAGE-CONTRIBUTORS';

/** The paths of Wix that this library asks on its own account. */
export const TOKEN = '/oauth2/token';
export const TOKEN_INFO = '/oauth2/token-info';
export const APP_INSTANCE = '/apps/v1/instance';
export const CONTRIBUTORS = '/roles-management/v2/contributors/query';

/** A site with the app on it, and what its people send: a new credential at each call. */
export type TestSite = ReturnType<typeof siteWith>;

/** A new site that granted the app these scopes. One emulator holds many, so tests need not share any. */
export function siteWith(wix: WixEmulator, app: EmulatedApp, ...grants: readonly string[]) {
  const site = wix.addSite();
  const install = wix.install(app, site, { grants });
  return {
    site,
    install,
    appToken: () => wix.mint.appToken(install),
    ownerToken: () => wix.mint.userToken(install, site.owner),
    userToken: (...roles: readonly string[]) => wix.mint.userToken(install, site.addUser({ roles })),
    memberToken: () => wix.mint.memberToken(install, site.addMember()),
    visitorToken: () => wix.mint.visitorToken(install, site.addVisitor()),
  };
}
