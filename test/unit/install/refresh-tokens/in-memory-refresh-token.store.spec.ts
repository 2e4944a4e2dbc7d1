import { InMemoryRefreshTokenStore } from '../../../../src/install/refresh-tokens/in-memory-refresh-token.store.js';
import { refreshTokenStoreContract } from '../../../../src/testing/contracts/refresh-token-store.contract.js';

describe('InMemoryRefreshTokenStore', () => {
  const store = new InMemoryRefreshTokenStore();
  for (const { title, run } of refreshTokenStoreContract(() => store)) it(title, run);

  it('reports that it is not durable', () => {
    expect(store.forgetsOnRestart).toBe(true);
  });
});
