import { manifestOf } from '../../../src/manifest/manifest-of.js';
import { wixRoutes } from '../../../src/manifest/wix-routes.js';
import { DeclaredModule, MANAGE, newApp, ORDERS, READ } from './declared-app.js';

const CHANGE = 'POST /api/v1/shop/products/:id';
const LIST = 'GET /api/v1/shop/products';

describe('manifestOf', () => {
  it('lists every scope with what needs it, and the permission ids behind it', async () => {
    const { scopes } = await manifestOf(wixRoutes(await newApp([DeclaredModule], { preview: true })));
    expect(scopes.map(({ id, name, requiredBy }) => ({ id, name, requiredBy }))).toEqual([
      {
        id: 'SCOPE.DC-IDENTITY.MANAGE-CONTRIBUTORS',
        name: expect.any(String) as unknown,
        requiredBy: [
          `${CHANGE} (to look up the roles of users)`,
          'graphql Query.products (to look up the roles of users)',
          'message orders.create (to look up the roles of users)',
        ],
      },
      { id: MANAGE, name: 'Manage Products', requiredBy: [CHANGE] },
      { id: ORDERS, name: 'Read Orders', requiredBy: ['message orders.create'] },
      { id: READ, name: 'Read Products', requiredBy: [LIST, 'graphql Query.products'] },
    ]);
    expect(scopes.at(-1)?.permissions).toContain('WIX_STORES.PRODUCT_READ');
  });

  it('lists groups of which one scope is needed, and scopes that are requested anyway', async () => {
    const { oneOf } = await manifestOf(wixRoutes(await newApp([DeclaredModule], { preview: true })));
    expect(oneOf).toContainEqual({ scopes: [READ, ORDERS].sort(), requiredBy: [CHANGE], coveredBy: MANAGE });
    expect(oneOf).toContainEqual({
      scopes: expect.arrayContaining(['SCOPE.DC-CONTACTS.READ-CONTACTS']) as unknown,
      requiredBy: ['event wix.contacts.v4.contact_created (Events.changed)'],
    });
  });

  it('is the same whatever the order of the routes', async () => {
    const routes = wixRoutes(await newApp([DeclaredModule], { preview: true }));
    const { routes: sorted, ...needs } = await manifestOf(routes);
    expect(await manifestOf(routes.toReversed())).toEqual({ ...needs, routes: sorted });
    expect(sorted.map(({ name }) => name)).toEqual(sorted.map(({ name }) => name).toSorted());
  });

  it('names the scopes that grant a permission id that a route requires by itself', async () => {
    const [route] = wixRoutes(await newApp([DeclaredModule], { preview: true }));
    if (route === undefined) throw new Error('No route.');
    const { scopes } = await manifestOf([{ ...route, scopes: ['WIX_STORES.PRODUCT_READ'] }]);
    expect(scopes).toEqual([
      {
        id: 'WIX_STORES.PRODUCT_READ',
        grantedBy: expect.arrayContaining([READ]) as unknown,
        requiredBy: [LIST],
      },
    ]);
  });
});
