import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './run.mjs';

/** Builds when an output is missing, or an input is newer than the last build. Says so in a line. */
export function buildIfStale(what, { outputs, inputs, build }) {
  const stamp = join(root, '.tmp/built', what.replaceAll(' ', '-'));
  const isThere = outputs.every((output) => existsSync(join(root, output)));
  if (isThere && Math.max(...inputs.map(newestMs)) <= modifiedMs(stamp)) return;

  console.log(`Building ${what} …`);
  // What changes while it is built counts as newer.
  const startedAt = new Date();
  build();
  mkdirSync(join(root, '.tmp/built'), { recursive: true });
  writeFileSync(stamp, '');
  utimesSync(stamp, startedAt, startedAt);
}

function newestMs(path) {
  const full = join(root, path);
  if (!statSync(full, { throwIfNoEntry: false })?.isDirectory()) return modifiedMs(full);
  const files = readdirSync(full, { recursive: true, withFileTypes: true });
  return Math.max(0, ...files.map((entry) => modifiedMs(join(entry.parentPath, entry.name))));
}

const modifiedMs = (full) => statSync(full, { throwIfNoEntry: false })?.mtimeMs ?? 0;
