import { WixEmulator } from 'nestjs-wix-auth/testing';

import {
  CATALOG_MANAGER_ROLE,
  MANAGE_CONTRIBUTORS,
  MANAGE_PRODUCTS,
  READ_PRODUCTS,
  SUPPORT_AGENT_ROLE,
} from '../../../sample/src/scopes.js';

/** An emulated Wix with one site that has the app and one that has not, and the credentials its people would send. */
export async function emulatedSite() {
  const wix = await WixEmulator.start();
  const scopes = [READ_PRODUCTS, MANAGE_PRODUCTS, MANAGE_CONTRIBUTORS];
  const app = wix.addApp({ name: 'Flower Desk', scopes });
  const site = wix.addSite({ name: 'Flowers' });
  const install = wix.install(app, site, { grants: scopes });
  wix.addSite({ name: 'Bulbs & Tulips' });
  const manager = site.addUser({ roles: [CATALOG_MANAGER_ROLE], permissions: [MANAGE_PRODUCTS] });
  const agent = site.addUser({ roles: [SUPPORT_AGENT_ROLE], permissions: [READ_PRODUCTS] });
  const elsewhere = wix.install(wix.addApp(), site, { grants: [MANAGE_PRODUCTS] });
  site.addProduct({ name: 'Roses', price: 12 });

  return {
    wix,
    app,
    install,
    credentials: {
      owner: wix.mint.userToken(install, site.owner),
      manager: wix.mint.userToken(install, manager),
      agent: wix.mint.userToken(install, agent),
      visitor: wix.mint.visitorToken(install, site.addVisitor()),
      'own-server': wix.mint.appToken(install),
      'another-app': wix.mint.userToken(elsewhere, site.owner),
      expired: wix.mint.userToken(install, site.owner, { expiresInSeconds: -60 }),
    },
    signedInstance: wix.mint.signedInstance(install, { user: site.owner }),
  };
}
