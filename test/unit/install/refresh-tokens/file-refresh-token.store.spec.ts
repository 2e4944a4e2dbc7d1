import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { FileRefreshTokenStore } from '../../../../src/install/refresh-tokens/file-refresh-token.store.js';
import { codeOf, errorOf } from '../../../support/code-of.js';
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

  it('still has its tokens after it was closed', async () => {
    const before = new FileRefreshTokenStore(join(home, 'other'));
    await before.replace('key', undefined, 'value');
    await before.onApplicationShutdown();
    const after = new FileRefreshTokenStore(join(home, 'other'));
    expect(await after.get('key')).toBe('value');
    await after.onApplicationShutdown();
  });

  it('denies other users access to the folder', () => {
    expect(statSync(folder).mode & 0o077).toBe(0);
  });

  it('fails at startup where it cannot write', async () => {
    const file = join(home, 'a-file');
    writeFileSync(file, '');
    expect(await codeOf(() => new FileRefreshTokenStore(join(file, 'below')).onModuleInit())).toBe('WIX_MISCONFIGURED');
  });

  it('denies other users access to its files', () => {
    for (const file of ['data.mdb', 'lock.mdb']) expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
  });

  // Opened in this process, some of these would end it.
  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['overwritten at its start', (bytes: Buffer) => Buffer.concat([randomBytes(8_192), bytes.subarray(8_192)])],
    [
      'overwritten in the middle',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 8_192), Buffer.alloc(bytes.length)]),
    ],
    [
      'changed here and there',
      (bytes: Buffer) => bytes.map((byte, at) => (at > 8_192 && at % 97 === 0 ? byte ^ 0x5a : byte)),
    ],
  ])('refuses to start with a file that was %s, and says what to do', async (_how, damage) => {
    const place = mkdtempSync(join(home, 'damaged-'));
    const before = new FileRefreshTokenStore(place);
    for (let key = 0; key < 100; key += 1) await before.replace(`key ${String(key)}`, undefined, 'v'.repeat(500));
    await before.onApplicationShutdown();
    const file = join(place, 'data.mdb');
    writeFileSync(file, damage(readFileSync(file)));

    const error = await errorOf(() => new FileRefreshTokenStore(place).onModuleInit());
    expect(error).toMatchObject({ code: 'WIX_MISCONFIGURED', message: expect.stringContaining('Restore a backup') });
  });
});
