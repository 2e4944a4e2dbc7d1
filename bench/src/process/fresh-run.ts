import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Runs a file of the benchmark in a new process, with Node's own defaults, and answers what {@link report} wrote there.
 *
 * @param core the core it may run on; any when `undefined`.
 */
export function freshRun(file: URL, args: readonly string[], core: number | undefined): unknown {
  const command = [process.execPath, fileURLToPath(file), ...args];
  const [program = '', ...rest] = core === undefined ? command : ['taskset', '-c', String(core), ...command];
  return JSON.parse(execFileSync(program, rest, { encoding: 'utf8' })) as unknown;
}

/** Returns a result to the process that waits in {@link freshRun}, and ends this one. */
export function report(result: unknown): void {
  process.stdout.write(JSON.stringify(result), () => process.exit());
}
