import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Builds the console's pages into a folder of their own. */
export async function builtConsolePages(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'console-pages-'));
  const vite = join(process.cwd(), 'node_modules/vite/bin/vite.js');
  await promisify(execFile)(process.execPath, [vite, 'build', 'console', '--outDir', folder, '--logLevel', 'warn']);
  return folder;
}
