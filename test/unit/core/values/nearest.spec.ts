import { nearestTo } from '../../../../src/core/values/nearest.js';

describe('nearestTo', () => {
  const names = ['SCOPE.DC-STORES.READ-PRODUCTS', 'SCOPE.DC-STORES.MANAGE-PRODUCTS', 'AppInstalled', 'appId'];

  it.each([
    ['SCOPE.DC-STORES.READ-PRODUCT', 'SCOPE.DC-STORES.READ-PRODUCTS'],
    ['SCOPE.DC-STORES.RAED-PRODUCTS', 'SCOPE.DC-STORES.READ-PRODUCTS'],
    ['scope.dc_stores.manage_products', 'SCOPE.DC-STORES.MANAGE-PRODUCTS'],
    ['AppInstaled', 'AppInstalled'],
    ['appid', 'appId'],
  ])('matches %s with %s', (text, candidate) => {
    expect(nearestTo(text, names)).toBe(candidate);
  });

  it.each(['AppInstalled', 'SCOPE.DC-STORES.READ-ORDERS', 'AppRemoved', 'ab', ''])(
    'matches %j with nothing',
    (text) => {
      expect(nearestTo(text, names)).toBeUndefined();
    },
  );

  it('takes the nearest of several', () => {
    expect(nearestTo('products_created', ['product_create', 'product_created'])).toBe('product_created');
  });
});
