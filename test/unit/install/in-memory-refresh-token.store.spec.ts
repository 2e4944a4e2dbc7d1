import { InMemoryRefreshTokenStore } from '../../../src/install/in-memory-refresh-token.store.js';
import { itKeepsTheRefreshTokenStoreContract } from './refresh-token-store.contract.js';

describe('InMemoryRefreshTokenStore', () => {
  const store = new InMemoryRefreshTokenStore();
  itKeepsTheRefreshTokenStoreContract(() => store);

  it('says that it forgets', () => {
    expect(store.forgetsOnRestart).toBe(true);
  });
});
