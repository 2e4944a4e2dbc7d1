import { CATALOG_MANAGER_ROLE, MANAGE_CONTRIBUTORS, MANAGE_PRODUCTS, READ_PRODUCTS } from '../src/scopes.js';
import { startTestApp, type TestApp } from './test-app.js';

const ROSES = { name: 'Roses', price: 12 };
const MINUTE_MS = 60_000;

describe('Products', () => {
  let test: TestApp;

  beforeAll(async () => {
    test = await startTestApp();
  });
  afterAll(() => test.close());

  it('are created by the owner, and seen by a visitor', async () => {
    const install = test.install();
    const created = await test.call('/products', test.wix.mint.userToken(install, install.site.owner), ROSES);
    expect(created.status).toBe(201);

    const visitor = test.wix.mint.visitorToken(install, install.site.addVisitor());
    expect((await test.call('/products/names', visitor)).body).toEqual(['Roses']);
  });

  it('are not created by a collaborator whose role is not mapped', async () => {
    const install = test.install();
    const agent = test.wix.mint.userToken(install, install.site.addUser({ roles: ['a role of Wix'] }));
    expect(await test.call('/products', agent, ROSES)).toMatchObject({
      status: 403,
      body: { code: 'WIX_SCOPE_MISSING', missingScopes: [MANAGE_PRODUCTS], lackedBy: ['user'] },
    });
  });

  it('are created by a collaborator whose role is mapped', async () => {
    const install = test.install();
    const manager = install.site.addUser({ roles: [CATALOG_MANAGER_ROLE], permissions: [MANAGE_PRODUCTS] });
    expect((await test.call('/products', test.wix.mint.userToken(install, manager), ROSES)).status).toBe(201);
  });

  it('are not created where the site did not grant it to the app', async () => {
    const install = test.install([READ_PRODUCTS, MANAGE_CONTRIBUTORS]);
    const owner = test.wix.mint.userToken(install, install.site.owner);
    expect(await test.call('/products', owner, ROSES)).toMatchObject({ status: 403, body: { lackedBy: ['app'] } });
    expect(install.site.products).toHaveLength(0);
  });

  it('are refused with 503 to a new caller while Wix is down, and returned afterwards', async () => {
    const install = test.install();
    const visitor = test.wix.mint.visitorToken(install, install.site.addVisitor());
    const outage = test.wix.fail('/oauth2/token-info', { status: 500 });
    expect(await test.call('/products/names', visitor)).toMatchObject({
      status: 503,
      body: { code: 'WIX_UNAVAILABLE' },
    });
    outage.clear();
    expect((await test.call('/products/names', visitor)).status).toBe(200);
  });

  it('are refused to a revoked token a minute later', async () => {
    const install = test.install();
    const owner = test.wix.mint.userToken(install, install.site.owner);
    expect((await test.call('/products', owner)).status).toBe(200);
    test.wix.revoke(owner);
    expect((await test.call('/products', owner)).status).toBe(200);
    test.clock.advance(2 * MINUTE_MS);
    expect(await test.call('/products', owner)).toMatchObject({
      status: 401,
      body: { code: 'WIX_CREDENTIALS_REJECTED' },
    });
  });
});
