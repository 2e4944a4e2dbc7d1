import { newProduct } from '../../support/new-product.js';
import { call } from './http-calls.js';
import { emulatedPlatform, MANAGE, READ, type EmulatedPlatform } from './emulated-platform.js';

describe('the emulated store', () => {
  let platform: EmulatedPlatform;

  beforeEach(async () => {
    platform = await emulatedPlatform();
  });
  afterEach(() => platform.wix.stop());

  const products = (token: string, path = '/query', body?: unknown, method?: string) =>
    call(`${platform.wix.url}/stores/v3/products${path}`, { token, body, ...(method ? { method } : {}) });

  const asApp = () => platform.wix.mint.appToken(platform.install);
  const asUser = (permissions: readonly string[]) =>
    platform.wix.mint.userToken(platform.install, platform.site.addUser({ permissions }), { bound: false });
  const asOwner = () => platform.wix.mint.userToken(platform.install, platform.site.owner, { bound: false });

  it('stores the products of each site', async () => {
    const { wix, app, install, time } = platform;
    install.grant(MANAGE);
    const created = await products(asApp(), '', { product: newProduct('Blue Mug') });
    expect(created).toMatchObject({
      status: 200,
      body: { product: { revision: '1', slug: 'blue-mug', visible: true } },
    });
    const { id } = created.body['product'] as { id: string };

    time.pass(1_000);
    const changed = await products(asApp(), `/${id}`, { product: { revision: '1', visible: false } }, 'PATCH');
    const updatedDate = new Date(time.now()).toISOString();
    expect(changed.body).toMatchObject({
      product: { id, name: 'Blue Mug', revision: '2', visible: false, updatedDate },
    });
    expect((await products(asApp(), `/${id}`)).body).toEqual(changed.body);
    expect((await products(asApp(), '/slug/blue-mug')).body).toEqual(changed.body);
    expect((await products(asApp())).body).toMatchObject({ products: [{ id }], pagingMetadata: { count: 1 } });

    const elsewhere = wix.mint.appToken(wix.install(app, wix.addSite(), { grants: [READ] }));
    expect((await products(elsewhere)).body).toMatchObject({ products: [] });
    expect((await products(elsewhere, `/${id}`)).status).toBe(404);
    expect((await products(elsewhere, '/slug/blue-mug')).status).toBe(404);

    expect((await products(asApp(), `/${id}`, undefined, 'DELETE')).status).toBe(200);
    expect((await products(asApp(), `/${id}`)).status).toBe(404);
  });

  it('refuses a change that is based on another revision, or on none', async () => {
    const { site, install } = platform;
    install.grant(MANAGE);
    const { id } = site.addProduct({ name: 'Mug' });
    const change = async (product: object) => (await products(asApp(), `/${id}`, { product }, 'PATCH')).status;

    expect(await change({ name: 'Cup' })).toBe(400);
    expect(await change({ name: 'Cup', revision: '2' })).toBe(409);
    expect(await change({ name: 'Cup', revision: '1' })).toBe(200);
    expect(await change({ name: 'Jug', revision: '1' })).toBe(409);
  });

  it('refuses products without what Wix requires', async () => {
    platform.install.grant(MANAGE);
    const { name, productType, ...others } = newProduct('Mug') as Record<string, unknown>;
    const bodies = [
      {},
      { product: {} },
      { product: { ...newProduct(''), name: '' } },
      { product: { name, ...others } },
      { product: { name, productType } },
      { product: { name, productType, variantsInfo: { variants: [] } } },
    ];
    for (const body of bodies) {
      const answer = await products(asApp(), '', body);
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ details: { validationError: { fieldViolations: [expect.anything()] } } });
    }
  });

  describe('answers queries', () => {
    const query = (sent: object) => products(asApp(), '/query', { query: sent });
    const namesIn = ({ body }: Awaited<ReturnType<typeof query>>) =>
      (body['products'] as readonly { readonly name: string }[]).map(({ name }) => name);

    beforeEach(() => {
      platform.install.grant(READ);
      for (const name of ['b', 'c', 'a'])
        platform.site.addProduct({ name, visible: name !== 'c', price: { amount: 2 } });
    });

    it('page by page, by cursors that preserve the order and the filter', async () => {
      const first = await query({ sort: [{ fieldName: 'name' }], cursorPaging: { limit: 1 } });
      const { pagingMetadata } = first.body as { pagingMetadata: { hasNext: boolean; cursors: { next: string } } };
      expect(namesIn(first)).toEqual(['a']);
      expect(pagingMetadata).toMatchObject({ count: 1, hasNext: true });

      const second = await query({ cursorPaging: { limit: 2, cursor: pagingMetadata.cursors.next } });
      expect(namesIn(second)).toEqual(['b', 'c']);
      expect(second.body).toMatchObject({ pagingMetadata: { hasNext: false, cursors: { prev: expect.any(String) } } });
    });

    it.each([
      [{ name: 'a' }, ['a']],
      [{ name: { $ne: 'a' }, visible: { $eq: true } }, ['b']],
      [{ name: { $in: ['b', 'c'] } }, ['b', 'c']],
      [{ $or: [{ name: 'a' }, { visible: false }] }, ['a', 'c']],
      [{ $and: [{ name: { $gt: 'a' } }, { name: { $lte: 'b' } }] }, ['b']],
      [{ $not: { name: { $startsWith: 'B' } } }, ['a', 'c']],
      [{ 'price.amount': { $gte: 2 }, name: { $contains: 'C' } }, ['c']],
      [{ brand: { $exists: false }, name: { $hasSome: ['a'] } }, ['a']],
    ])('filtered by %j', async (filter, names) => {
      expect(namesIn(await query({ filter, sort: [{ fieldName: 'name', order: 'ASC' }] }))).toEqual(names);
    });

    it.each([
      { filter: { name: { $resembles: 'a' } } },
      { filter: { name: { $in: 'a' } } },
      { cursorPaging: { limit: 101 } },
      { cursorPaging: { limit: -1 } },
      { cursorPaging: { cursor: 'garbage' } },
    ])('and refuses %j instead of guessing', async (sent) => {
      expect((await query(sent)).status).toBe(400);
    });

    it("that Wix's SDK packs into the address", async () => {
      const packed = Buffer.from(JSON.stringify({ query: { filter: { name: 'b' } } })).toString('base64url');
      expect(namesIn(await products(asApp(), `/query?.r=${packed}`))).toEqual(['b']);
      expect((await products(asApp(), '/query?.r=e30')).status).toBe(200);
      expect((await products(asApp(), '/query?.r=nothing')).status).toBe(400);
    });
  });

  describe('of Catalog V1', () => {
    const reader = (path: string, body?: unknown) =>
      call(`${platform.wix.url}/stores-reader/v1/products${path}`, { token: asApp(), body });
    const writer = (path: string, body?: unknown, method?: string) =>
      call(`${platform.wix.url}/stores/v1/products${path}`, { token: asApp(), body, ...(method ? { method } : {}) });

    beforeEach(() => {
      platform.install.grant(MANAGE);
      platform.site.catalogVersion = 'V1';
    });

    it('is read at one address and written at another', async () => {
      const { body } = await writer('', { product: { name: 'Mug', productType: 'physical', priceData: { price: 5 } } });
      const { id } = body['product'] as { id: string };
      await writer(`/${id}`, { product: { name: 'Cup' } }, 'PATCH');

      expect((await reader(`/${id}`)).body).toMatchObject({ product: { id, name: 'Cup', priceData: { price: 5 } } });
      expect((await reader('/query', {})).body).toMatchObject({
        products: [{ id }],
        metadata: { items: 1, offset: 0 },
        totalResults: 1,
      });
      expect((await writer('/query', {})).body).toMatchObject({ totalResults: 1 });
      expect((await writer('')).status).toBe(404);
      expect((await writer(`/${id}`)).status).toBe(404);
      expect((await writer(`/${id}`, undefined, 'DELETE')).status).toBe(200);
      expect((await reader(`/${id}`)).status).toBe(404);
    });

    it('accepts filter and sort as text, and pages by offset', async () => {
      for (const name of ['b', 'c', 'a']) platform.site.addProduct({ name });
      const query = { filter: '{"name":{"$ne":"c"}}', sort: '[{"name":"desc"}]', paging: { offset: 1, limit: 1 } };
      const found = { products: [{ name: 'a' }], metadata: { items: 1, offset: 1 }, totalResults: 2 };

      expect((await reader('/query', { query })).body).toMatchObject(found);
      expect((await reader('/query', { query: { filter: '{' } })).status).toBe(400);
    });

    it('refuses products without a name', async () => {
      expect((await writer('', { product: { productType: 'physical' } })).status).toBe(400);
    });
  });

  describe('has one catalog', () => {
    const refusal = async ({ path, body }: { readonly path: string; readonly body?: object }) => {
      const answer = await call(`${platform.wix.url}${path}`, { token: asApp(), body });
      return [
        answer.status,
        (answer.body as { details: { applicationError: { code: string } } }).details.applicationError.code,
      ];
    };
    const version = async () =>
      (await call(`${platform.wix.url}/stores/v3/provision/version`, { token: asApp() })).body;

    beforeEach(() => {
      platform.install.grant(MANAGE);
    });

    it('V3, unless configured otherwise, and reports it', async () => {
      const { site, wix, install } = platform;
      expect(await version()).toEqual({ catalogVersion: 'V3_CATALOG' });
      site.catalogVersion = 'V1';
      expect(await version()).toEqual({ catalogVersion: 'V1_CATALOG' });
      site.installedWixApps = [];
      expect(await version()).toEqual({ catalogVersion: 'STORES_NOT_INSTALLED' });
      expect(wix.addSite({ catalogVersion: 'V1' }).catalogVersion).toBe('V1');
      const asked = await call(`${wix.url}/stores/v3/provision/version`, { token: asOwner() });
      expect([asked.status, install.grants]).toEqual([403, [MANAGE]]);
    });

    it('and answers 428 to calls of the other', async () => {
      const { site } = platform;
      const { id } = site.addProduct({ name: 'Mug' });
      const v1 = [
        { path: '/stores-reader/v1/products/query', body: {} },
        { path: `/stores-reader/v1/products/${id}` },
        { path: '/stores/v1/products', body: {} },
      ];
      const v3 = [
        { path: '/stores/v3/products/query', body: {} },
        { path: `/stores/v3/products/${id}` },
        { path: '/stores/v3/products', body: {} },
      ];

      for (const sent of v1) expect(await refusal(sent)).toEqual([428, 'CATALOG_V3_CALLING_CATALOG_V1_API']);
      site.catalogVersion = 'V1';
      for (const sent of v3) expect(await refusal(sent)).toEqual([428, 'CATALOG_V1_SITE_CALLING_CATALOG_V3_API']);
    });
  });

  describe('enforces permissions', () => {
    it('of the app for what the site granted it, including contained scopes', async () => {
      const { install } = platform;
      const statuses = async () => [
        (await products(asApp())).status,
        (await products(asApp(), '', { product: newProduct('Mug') })).status,
      ];

      expect(await statuses()).toEqual([403, 403]);
      install.setGrants([READ]);
      expect(await statuses()).toEqual([200, 403]);
      install.setGrants([MANAGE]);
      expect(await statuses()).toEqual([200, 200]);
      install.setGrants(['SCOPE.DC-STORES-MEGA.MANAGE-STORES']);
      expect(await statuses()).toEqual([200, 200]);
      install.setGrants(['WIX_STORES.PRODUCT_READ']);
      expect(await statuses()).toEqual([200, 403]);
    });

    it('of a user for what both the app and the user hold', async () => {
      const { install } = platform;
      const creates = async (token: string) => (await products(token, '', { product: newProduct('Mug') })).status;

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
        expect((await products(token)).body).toMatchObject({
          products: [{ id: published.id }],
          pagingMetadata: { count: 1 },
        });
        expect((await products(token, `/${hidden.id}`)).status).toBe(404);
        expect((await products(token, '', { product: newProduct('Mug') })).status).toBe(403);
        install.setGrants([]);
        expect((await products(token)).status).toBe(403);
      }
    });

    it("with Wix's error body", async () => {
      const { status, body } = await products(asApp());
      expect(status).toBe(403);
      expect(body).toMatchObject({
        message: `Unauthorized to perform WIX_STORES.PRODUCT_READ on site ${platform.site.siteId}`,
        details: { applicationError: { code: 'UNAUTHORIZED_OPERATION' } },
      });
    });

    it('with another error body', async () => {
      const { variants } = platform.wix;
      variants.missingPermission = 404;
      expect((await products(asApp())).status).toBe(404);
      variants.missingPermission = 'empty';
      expect(await products(asApp())).toMatchObject({ status: 403, text: '' });
      variants.missingPermission = 'html';
      expect(await products(asApp())).toMatchObject({ status: 403, text: expect.stringContaining('<html>') });
    });
  });

  describe('requires a token', () => {
    beforeEach(() => {
      platform.install.grant(READ);
    });

    it('with or without Bearer', async () => {
      for (const scheme of ['', 'Bearer ', 'bearer ', 'BEARER ']) {
        expect((await products(`${scheme}${asApp()}`)).status).toBe(200);
      }
    });

    it('that it issued, and that is still valid', async () => {
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
      expect((await call(`${wix.url}/stores/v3/products/query`)).status).toBe(401);

      const live = asApp();
      install.remove();
      expect((await products(live)).body).toMatchObject({ message: 'No Metasite Context in identity.' });
    });

    it('that is not a signed instance', async () => {
      const { status, body } = await products(platform.wix.mint.signedInstance(platform.install));
      expect(status).toBe(400);
      expect(body).toMatchObject({ message: 'Unexpected value for StringValue' });
    });

    it('that was unbound from its browser first, unless configured otherwise', async () => {
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
