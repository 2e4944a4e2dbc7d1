import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The repository's top folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const TIMEOUT_MS = 600_000;

/** Runs a command and returns what it printed, when `capture` is set; ends this process when the command fails. */
export function run(command, args, { cwd = root, capture = false } = {}) {
  const stdio = ['ignore', capture ? 'pipe' : 'inherit', 'inherit'];
  const { status, stdout, error } = spawnSync(command, args, { cwd, stdio, encoding: 'utf8', timeout: TIMEOUT_MS });
  if (status === 0) return stdout;

  console.error(`\n${[command, ...args].join(' ')} failed in ${cwd}${error ? `: ${error.message}` : ''}`);
  process.exit(status ?? 1);
}
