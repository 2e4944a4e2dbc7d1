import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const TIMEOUT_MS = 10_000;
const DAMAGED = 3;

// Reads everything and begins a write, which is where damage shows; the write is taken back. Errors of LMDB itself have
// negative codes. Whatever else fails, fails in the application too, and has a better message there.
const SCRIPT = `
let lmdb;
try { lmdb = require(process.argv[1]); } catch { process.exit(0); }
try {
  const database = lmdb.open({ path: process.argv[2], encoding: 'string', noSubdir: false });
  for (const entry of database.getRange()) void entry;
  database.transactionSync(() => { database.putSync('probe', ''); return lmdb.ABORT; });
  database.close();
} catch (error) {
  process.exit(error.code < 0 ? ${String(DAMAGED)} : 0);
}`;

/**
 * Whether a database of `lmdb` is damaged. It maps its file into memory, so that reading a damaged one may end the process
 * without a word: a process of its own reads it first. `false` also where that cannot be told.
 */
export async function isDamaged(folder: string): Promise<boolean> {
  const lmdb = lmdbPath();
  if (lmdb === undefined) return false;
  // Without the application's preloads and inspectors.
  const { NODE_OPTIONS: _, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, ['-e', SCRIPT, lmdb, folder], { env, timeout: TIMEOUT_MS }, (error) => {
      resolve(error !== null && error.killed !== true && (isCrash(error.signal) || error.code === DAMAGED));
    });
  });
}

const isCrash = (signal: NodeJS.Signals | undefined | null): boolean =>
  signal !== undefined && signal !== null && ['SIGSEGV', 'SIGBUS', 'SIGABRT', 'SIGILL'].includes(signal);

// Found as the application finds it: this file may be anywhere, bundled into another one.
function lmdbPath(): string | undefined {
  for (const base of [process.argv[1], join(process.cwd(), 'package.json')]) {
    try {
      if (base !== undefined) return createRequire(base).resolve('lmdb');
    } catch {
      // Not from this process.
    }
  }
  return undefined;
}
