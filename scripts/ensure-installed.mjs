// Makes `npm test` and `npm start` work on a fresh clone: installs what the lock file names when node_modules is
// missing or older. `npm install --no-save` rather than `npm ci`, because it only touches what differs.
import { statSync } from 'node:fs';
import { join } from 'node:path';

import { root, run } from './run.mjs';

const modifiedMs = (path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (modifiedMs('node_modules/.package-lock.json') < modifiedMs('package-lock.json')) {
  console.log('Installing dependencies …');
  run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']);
}
