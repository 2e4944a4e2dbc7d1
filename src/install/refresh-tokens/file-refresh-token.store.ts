import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { RootDatabase } from 'lmdb';

import { WixMisconfiguredError } from '../../core/wix-auth.errors.js';
import { isDamaged } from './database-probe.js';
import { RefreshTokenStore } from './refresh-token.store.js';

/**
 * Keeps refresh tokens in a folder of this machine, in an embedded database (`lmdb`, to be installed beside this
 * package). Several processes of one machine may share the folder; network drives are not fit for it.
 */
export class FileRefreshTokenStore extends RefreshTokenStore implements OnModuleInit, OnApplicationShutdown {
  override readonly forgetsOnRestart = false;
  readonly #folder: string;
  #opened: Promise<RootDatabase<string, string>> | undefined;

  /** @param folder created if missing, readable by no other user. */
  constructor(folder: string) {
    super();
    this.#folder = folder;
  }

  /** @throws {@link WixMisconfiguredError} when the database cannot be opened, or is damaged. */
  async onModuleInit(): Promise<void> {
    await this.#database();
  }

  /** Closes the database: last, since requests that are being answered may still need a token. */
  async onApplicationShutdown(): Promise<void> {
    await (await this.#opened)?.close();
    this.#opened = undefined;
  }

  override async get(key: string): Promise<string | undefined> {
    const database = await this.#database();
    // A read sees the moment its transaction began, which may have been before another process wrote.
    database.resetReadTxn();
    return database.get(key);
  }

  override async replace(key: string, expected: string | undefined, value: string): Promise<boolean> {
    const database = await this.#database();
    const done = database.transactionSync(() => {
      if (database.get(key) !== expected) return false;
      database.putSync(key, value);
      return true;
    });
    await database.flushed;
    return done;
  }

  #database(): Promise<RootDatabase<string, string>> {
    this.#opened ??= opened(this.#folder);
    return this.#opened;
  }
}

async function opened(folder: string): Promise<RootDatabase<string, string>> {
  const { open } = await import('lmdb').catch(() => {
    throw new WixMisconfiguredError(
      'Refresh tokens need a database: run `npm install lmdb`, or provide a RefreshTokenStore of your own.',
    );
  });
  if (existsSync(join(folder, DATA_FILE)) && (await isDamaged(folder))) {
    throw new WixMisconfiguredError(
      'The database of refresh tokens in install.refreshTokenFolder is damaged. Restore a backup of that folder, or move ' +
        'it away: then the sites whose tokens are lost have to install the app anew. Nothing was changed in it.',
    );
  }
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const database = open<string, string>({ path: folder, encoding: 'string', noSubdir: false });
    for (const file of [DATA_FILE, LOCK_FILE]) keepPrivate(join(folder, file));
    return database;
  } catch (error) {
    throw new WixMisconfiguredError('The folder install.refreshTokenFolder cannot be written to.', { cause: error });
  }
}

const DATA_FILE = 'data.mdb';
const LOCK_FILE = 'lock.mdb';

function keepPrivate(file: string): void {
  try {
    chmodSync(file, 0o600);
  } catch {
    // It belongs to another user, who shares it deliberately.
  }
}
