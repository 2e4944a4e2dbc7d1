import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/**
 * The text of a committed file of the repository. With `UPDATE_COMMITTED=1` it becomes `actual` first: look at what
 * changed, and commit it.
 */
export function committedText(file: string, actual: string): string {
  const path = join(root, file);
  if (process.env['UPDATE_COMMITTED'] === '1') writeFileSync(path, actual);
  return readFileSync(path, 'utf8');
}
