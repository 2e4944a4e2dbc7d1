import { call } from './http-calls.js';
import { emulatedPlatform, MANAGE, READ, type EmulatedPlatform } from './emulated-platform.js';

describe('the emulated store', () => {
  let platform: EmulatedPlatform;

  beforeEach(async () => {
    platform = await emulatedPlatform();
  });
  afterEach(() => platform.wix.stop());

  const products = (token: string, path = '', body?: unknown, method?: string) =>
    call(`${platform.wix.url}/stores/v1/products${path}`, { token, body, ...(method ? { method } : {}) });

  const asApp = () => platform.wix.mint.appToken(platform.install);
  const asUser = (permissions: readonly string[]) =>
    platform.wix.mint.userToken(platform.install, platform.site.addUser({ permissions }), { bound: false });
  const asOwner = () => platform.wix.mint.userToken(platform.install, platform.site.owner, { bound: false });

  it('keeps the products of each site', async () => {
    const { wix, app, install } = platform;
    install.grant(MANAGE);
    const created = await products(asApp(), '', { product: { name: 'Mug', price: 5 } });
    expect(created.status).toBe(200);
    const { id } = created.body['product'] as { id: string };

    const changed = await products(asApp(), `/${id}`, { product: { price: 6 } }, 'PATCH');
    expect(changed.body).toMatchObject({ product: { id, name: 'Mug', price: 6, visible: true } });
    expect((await products(asApp(), `/${id}`)).body).toEqual(changed.body);
    expect((await products(asApp())).body).toMatchObject({ products: [{ id }], totalResults: 1 });

    const elsewhere = wix.mint.appToken(wix.install(app, wix.addSite(), { grants: [READ] }));
    expect((await products(elsewhere)).body).toMatchObject({ products: [] });
    expect((await products(elsewhere, `/${id}`)).status).toBe(404);

    expect((await products(asApp(), `/${id}`, undefined, 'DELETE')).status).toBe(200);
    expect((await products(asApp(), `/${id}`)).status).toBe(404);
  });

  it('pages through a query', async () => {
    const { site, install } = platform;
    install.grant(READ);
    for (const name of ['a', 'b', 'c']) site.addProduct({ name });
    const { body } = await products(asApp(), '/query', { query: { paging: { offset: 1, limit: 1 } } });
    expect(body).toMatchObject({ products: [{ name: 'b' }], metadata: { items: 1, offset: 1 }, totalResults: 3 });
  });

  it('refuses products without a name', async () => {
    platform.install.grant(MANAGE);
    for (const body of [{}, { product: {} }, { product: { name: '' } }]) {
      const answer = await products(asApp(), '', body);
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ details: { validationError: { fieldViolations: [expect.anything()] } } });
    }
  });

  describe('enforces permissions', () => {
    it('of the app on what the site granted it, contained scopes included', async () => {
      const { install } = platform;
      const statuses = async () => [
        (await products(asApp())).status,
        (await products(asApp(), '', { product: { name: 'Mug' } })).status,
      ];

      expect(await statuses()).toEqual([403, 403]);
      install.setGrants([READ]);
      expect(await statuses()).toEqual([200, 403]);
      install.setGrants([MANAGE]);
      expect(await statuses()).toEqual([200, 200]);
      install.setGrants(['SCOPE.DC-STORES-MEGA.MANAGE-STORES']);
      expect(await statuses()).toEqual([200, 200]);
      install.setGrants(['WIX_STORES.READ_PRODUCTS']);
      expect(await statuses()).toEqual([200, 403]);
    });

    it('of a user on both what the app and what the user holds', async () => {
      const { install } = platform;
      const creates = async (token: string) => (await products(token, '', { product: { name: 'Mug' } })).status;

      expect(await creates(asUser([MANAGE]))).toBe(403);
      install.grant(MANAGE);
      expect(await creates(asUser([MANAGE]))).toBe(200);
      expect(await creates(asUser([READ]))).toBe(403);
      expect(await creates(asUser([]))).toBe(403);
      expect(await creates(asOwner())).toBe(200);
      install.setGrants([READ]);
      expect(await creates(asOwner())).toBe(403);
    });

    it('at the moment of the call', async () => {
      const { install, site, wix } = platform;
      install.grant(READ);
      const user = site.addUser({ permissions: [READ] });
      const token = wix.mint.userToken(install, user, { bound: false });
      expect((await products(token)).status).toBe(200);
      user.permissions = [];
      expect((await products(token)).status).toBe(403);
    });

    it('and shows visitors and members published products only, where they may read at all', async () => {
      const { wix, install, site } = platform;
      const published = site.addProduct({ name: 'published' });
      const hidden = site.addProduct({ name: 'hidden', visible: false });
      const unbound = { bound: false };
      const tokens = [
        wix.mint.visitorToken(install, site.addVisitor(), unbound),
        wix.mint.memberToken(install, site.addMember(), unbound),
      ];
      for (const token of tokens) {
        wix.variants.visitorsMayRead = false;
        install.setGrants([MANAGE]);
        expect((await products(token)).status).toBe(403);
        wix.variants.visitorsMayRead = true;
        expect((await products(token)).body).toMatchObject({ products: [{ id: published.id }], totalResults: 1 });
        expect((await products(token, `/${hidden.id}`)).status).toBe(404);
        expect((await products(token, '', { product: { name: 'Mug' } })).status).toBe(403);
        install.setGrants([]);
        expect((await products(token)).status).toBe(403);
      }
    });

    it('in the words of Wix', async () => {
      const { status, body } = await products(asApp());
      expect(status).toBe(403);
      expect(body).toMatchObject({
        message: `Unauthorized to perform WIX_STORES.READ_PRODUCTS on site ${platform.site.siteId}`,
        details: { applicationError: { code: 'UNAUTHORIZED_OPERATION' } },
      });
    });

    it('in other words too', async () => {
      const { variants } = platform.wix;
      variants.missingPermission = 404;
      expect((await products(asApp())).status).toBe(404);
      variants.missingPermission = 'empty';
      expect(await products(asApp())).toMatchObject({ status: 403, text: '' });
      variants.missingPermission = 'html';
      expect(await products(asApp())).toMatchObject({ status: 403, text: expect.stringContaining('<html>') });
    });
  });

  describe('wants a token', () => {
    beforeEach(() => {
      platform.install.grant(READ);
    });

    it('with or without Bearer', async () => {
      for (const scheme of ['', 'Bearer ', 'bearer ', 'BEARER ']) {
        expect((await products(`${scheme}${asApp()}`)).status).toBe(200);
      }
    });

    it('that it issued, and that is still good', async () => {
      const { wix, install, site, app } = platform;
      const revoked = asApp();
      wix.revoke(revoked);
      const bad = [
        'garbage',
        revoked,
        wix.mint.appToken(install, { expiresInSeconds: 0 }),
        wix.mint.userToken(install, site.owner, { forged: true }),
        wix.mint.refreshToken(install),
        wix.mint.apiKey(),
        wix.mint.appLevelToken(app),
      ];
      for (const token of bad) {
        const { status, body } = await products(token);
        expect(status).toBe(401);
        expect(body).toMatchObject({ message: expect.any(String), details: { applicationError: expect.any(Object) } });
      }
      expect((await call(`${wix.url}/stores/v1/products`)).status).toBe(401);

      const live = asApp();
      install.remove();
      expect((await products(live)).body).toMatchObject({ message: 'No Metasite Context in identity.' });
    });

    it('that is not a signed instance', async () => {
      const { status, body } = await products(platform.wix.mint.signedInstance(platform.install));
      expect(status).toBe(400);
      expect(body).toMatchObject({ message: 'Unexpected value for StringValue' });
    });

    it('that was unbound from its browser first, unless told otherwise', async () => {
      const { wix, install, site } = platform;
      const bound = wix.mint.userToken(install, site.owner);
      expect((await products(bound)).status).toBe(401);
      wix.variants.boundTokens = 'accepted';
      expect((await products(bound)).status).toBe(200);
    });
  });

  it('answers 428 on a site without Wix Stores', async () => {
    const { site, install } = platform;
    install.grant(READ);
    site.installedWixApps = [];
    const { status, body } = await products(asApp());
    expect(status).toBe(428);
    expect(body).toMatchObject({ details: { applicationError: { code: 'REQUIRED_APP_NOT_INSTALLED' } } });
  });

  it('throttles each installation, for a minute', async () => {
    const { wix, app, install, time } = platform;
    wix.variants.requestsPerMinute = 2;
    install.grant(READ);
    const other = wix.mint.appToken(wix.install(app, wix.addSite(), { grants: [READ] }));
    const status = async () => (await products(asApp())).status;

    expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
    expect((await products(other)).status).toBe(200);
    time.pass(20_000);
    wix.variants.retryAfter = true;
    expect((await products(asApp())).headers.get('retry-after')).toBe('40');
    time.pass(40_000);
    expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
  });
});
