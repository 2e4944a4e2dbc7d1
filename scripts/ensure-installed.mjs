// Makes `npm test` and `npm start` work on a fresh clone: installs what the lock file names when node_modules is
// missing or older. `npm install --no-save` rather than `npm ci`, because it only touches what differs.
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';

const root = new URL('..', import.meta.url);
const modifiedMs = (path) => statSync(new URL(path, root), { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (modifiedMs('node_modules/.package-lock.json') < modifiedMs('package-lock.json')) {
  console.log('Installing dependencies …');
  execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
}
