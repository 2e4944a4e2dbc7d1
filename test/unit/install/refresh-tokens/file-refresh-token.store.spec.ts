import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { FileRefreshTokenStore } from '../../../../src/install/refresh-tokens/file-refresh-token.store.js';
import { codeOf } from '../../../support/code-of.js';
import { refreshTokenStoreContract } from '../../../../src/testing/contracts/refresh-token-store.contract.js';

describe('FileRefreshTokenStore', () => {
  const home = mkdtempSync(join(tmpdir(), 'refresh-tokens-'));
  const folder = join(home, 'made', 'when-needed');
  const store = new FileRefreshTokenStore(folder);

  afterAll(async () => {
    await store.onApplicationShutdown();
    rmSync(home, { recursive: true });
  });

  for (const { title, run } of refreshTokenStoreContract(() => store)) it(title, run);

  it('remembers after it was closed', async () => {
    const before = new FileRefreshTokenStore(join(home, 'other'));
    await before.replace('key', undefined, 'value');
    await before.onApplicationShutdown();
    const after = new FileRefreshTokenStore(join(home, 'other'));
    expect(await after.get('key')).toBe('value');
    await after.onApplicationShutdown();
  });

  it('lets nobody else into the folder', () => {
    expect(statSync(folder).mode & 0o077).toBe(0);
  });

  it('fails at start-up where it cannot write', async () => {
    const file = join(home, 'a-file');
    writeFileSync(file, '');
    expect(await codeOf(() => new FileRefreshTokenStore(join(file, 'below')).onModuleInit())).toBe('WIX_MISCONFIGURED');
  });
});
