import { WixApiError } from 'nestjs-wix-auth';
import { fakeWixHttp, fakeWixIdentity } from 'nestjs-wix-auth/testing';
import { firstValueFrom } from 'rxjs';

import { CatalogController } from './calling-wix.js';

describe('CatalogController', () => {
  const visitor = fakeWixIdentity('visitor');

  it('lists the names', async () => {
    const catalog = new CatalogController(
      fakeWixHttp({ 'POST /stores/v3/products/query': { products: [{ name: 'Roses' }] } }),
    );
    expect(await firstValueFrom(catalog.all(visitor))).toEqual(['Roses']);
  });

  it('returns "none" for a product that does not exist', async () => {
    const wix = fakeWixHttp({
      'GET /stores/v3/products/7': ({ method, path }) => {
        throw new WixApiError({ method, path, status: 404, body: undefined });
      },
    });
    expect(await firstValueFrom(new CatalogController(wix).one(visitor, '7'))).toBe('none');
  });
});
