import type { WixEmulatorScenario } from './scenario-file.js';

const READ_PRODUCTS = 'SCOPE.DC-STORES.READ-PRODUCTS';
const MANAGE_PRODUCTS = 'SCOPE.DC-STORES.MANAGE-PRODUCTS';
const MANAGE_CONTRIBUTORS = 'SCOPE.DC-IDENTITY.MANAGE-CONTRIBUTORS';

/** What the program starts with when no file says otherwise. */
export const defaultScenario: WixEmulatorScenario = {
  apps: [{ key: 'app', name: 'My app', scopes: [READ_PRODUCTS, MANAGE_PRODUCTS, MANAGE_CONTRIBUTORS] }],
  sites: [
    {
      key: 'flowers',
      name: 'Flowers',
      users: [
        { key: 'manager', name: 'Manager', roles: ['6600344420111308827'], permissions: [MANAGE_PRODUCTS] },
        { key: 'agent', name: 'Agent', roles: ['6600344420111308828'], permissions: [READ_PRODUCTS] },
      ],
      members: [{ key: 'member' }],
      visitors: [{ key: 'visitor' }],
      products: [{ id: 'b5bd3dac-1ee5-4d27-8a2e-6a2c5a1f7c01', name: 'Roses', price: 12 }],
    },
    { key: 'bulbs', name: 'Bulbs & Tulips' },
  ],
  installs: [{ app: 'app', site: 'flowers' }],
};
