import { jsonAnswer, Refused, wixError } from '../../wire/answer.js';
import type { EmulatedSite } from '../../world/emulated-site.js';
import type { Need } from '../../world/scope-table.js';
import { authorize } from '../authorization.js';
import type { Endpoint } from '../endpoint.js';

// That the scope for reading products is among those that allow this is a guess.
const READ_VERSION: Need = {
  scope: 'SCOPE.DC-STORES.READ-PRODUCTS',
  permissionId: 'WIX_STORES.CATALOG_VERSION_READ',
};

/** `GET /stores/v3/provision/version`: which catalog the site has. Only the app itself may ask. */
export const catalogVersionEndpoint: Endpoint = {
  method: 'GET',
  path: '/stores/v3/provision/version',
  handle: (call) => {
    const { token, install } = authorize(call, READ_VERSION);
    if (token.subject.type !== 'APP') {
      throw new Refused(wixError(403, 'UNAUTHORIZED_OPERATION', 'Unauthorized', 'Only the app itself may ask.'));
    }
    return jsonAnswer(200, { catalogVersion: versionOf(install.site) });
  },
};

const versionOf = ({ installedWixApps, catalogVersion }: EmulatedSite): string =>
  installedWixApps.includes('stores') ? `${catalogVersion}_CATALOG` : 'STORES_NOT_INSTALLED';
