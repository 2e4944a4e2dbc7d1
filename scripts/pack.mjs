import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { root, run } from './run.mjs';

/** Packs what is in dist/ as npm would publish it, and returns the tarball's path. */
export function pack() {
  const folder = join(root, '.tmp');
  mkdirSync(folder, { recursive: true });
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [{ filename }] = JSON.parse(run('npm', args, { capture: true }));
  return join(folder, filename);
}
