import { hintText, permissionHint } from '../../../../src/client/answers/permission-hint.js';

describe('The hint about permissions', () => {
  it.each([
    ['GET', '/apps/v1/instance', ['WIX_DEVELOPERS.MANAGE_APP_INSTANCE']],
    ['GET', '/contacts/v4/contacts/7', ['CONTACTS.VIEW']],
    ['DELETE', '/stores/v3/products/7', ['WIX_STORES.PRODUCT_DELETE']],
    ['POST', '/stores/v3/products', ['WIX_STORES.PRODUCT_CREATE']],
    ['POST', '/stores/v1/products', ['WIX_STORES.MODIFY_PRODUCTS']],
  ])('knows %s %s', async (method, path, permissionIds) => {
    expect(await permissionHint(method, path)).toMatchObject({ permissionIds });
  });

  it('prefers a literal path to one with a placeholder', async () => {
    const category = await permissionHint('GET', '/stores/v3/products/query');
    expect(category?.permissionIds).toContain('WIX_STORES.PRODUCT_READ');
    expect(await permissionHint('GET', '/stores/v3/products/slug/mug')).toEqual(category);
  });

  it('recognizes a query that is sent by POST, and nothing else as one', async () => {
    expect(await permissionHint('POST', '/stores/v3/products/query')).toEqual(
      await permissionHint('GET', '/stores/v3/products/query'),
    );
    expect(await permissionHint('POST', '/stores/v3/products/7')).toBeUndefined();
  });

  it.each([
    ['GET', '/stores/v3/products/7/unknown'],
    ['PUT', '/stores/v3/products/7'],
    ['GET', '/nothing/of/wix'],
    ['GET', '/'],
  ])('knows nothing of %s %s', async (method, path) => {
    expect(await permissionHint(method, path)).toBeUndefined();
  });

  it('lists the scopes that grant the least first, and describes some of them', async () => {
    const hint = await permissionHint('GET', '/stores/v3/products/7');
    expect(hint?.scopes.slice(0, 3).sort()).toEqual([
      'SCOPE.STORES.PRODUCT_READ',
      'SCOPE.STORES.PRODUCT_READ_ADMIN',
      'SCOPE.STORES.PRODUCT_READ_LIMITED',
    ]);
    expect(hint?.scopes).toContain('SCOPE.DC-STORES.READ-PRODUCTS');
    expect(hint && hintText(hint)).toMatch(/ or .*, granted by SCOPE\.STORES\.\S+, .* and \d+ more\.$/);
  });

  it('says so where no scope is known', async () => {
    const hint = await permissionHint('POST', '/stores/v3/products');
    expect(hint?.scopes).toEqual([]);
    expect(hint && hintText(hint)).toBe(
      'It is known to need WIX_STORES.PRODUCT_CREATE; the scopes that grant that are not known.',
    );
  });
});
