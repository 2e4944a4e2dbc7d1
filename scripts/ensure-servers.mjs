// Makes the tests that talk to Redis and drive a browser work on a fresh machine: installs Debian's packages where that
// is possible, and otherwise says what is missing. Without them those tests fail, and the others run. Names of further
// servers, which only the nightly tests need, are its arguments.
import { spawnSync } from 'node:child_process';

import { run } from './run.mjs';

const isThere = (command) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;

const missing = ['chromium', 'redis-server', ...process.argv.slice(2)].filter((command) => !isThere(command));
const canInstall = process.getuid?.() === 0 && isThere('apt-get');

if (missing.length > 0 && canInstall) {
  console.log(`Installing ${missing.join(' and ')} …`);
  process.env.DEBIAN_FRONTEND = 'noninteractive';
  run('apt-get', ['-qq', 'update'], { capture: true });
  run('apt-get', ['-qq', 'install', '--yes', '--no-install-recommends', ...missing], { capture: true });
} else if (missing.length > 0) {
  console.error(`Some tests need ${missing.join(' and ')}. On Debian: sudo apt-get install ${missing.join(' ')}`);
}
