import { spawnSync } from 'node:child_process';

/** Where processes run: what is measured on one core, everything else on another. */
export interface Cores {
  /** The core of what is measured; `undefined` leaves it to the system. */
  readonly measured: number | undefined;
  /** The core of what drives it. */
  readonly other: number | undefined;
}

/** Two cores this process may use, with itself moved to the second; none without `taskset` or a second core. */
export function separateCores(): Cores {
  const [measured, other] = allowedCores();
  if (measured === undefined || other === undefined) return { measured: undefined, other: undefined };
  taskset('-a', '-c', '-p', String(other), String(process.pid));
  return { measured, other };
}

// Prints "pid 1234's current affinity list: 0,2-3".
const allowedCores = (): number[] =>
  (/: ([\d,-]+)\s*$/.exec(taskset('-c', '-p', String(process.pid)))?.[1] ?? '').split(',').flatMap(coresIn);

function coresIn(range: string): number[] {
  const [first, last = first] = range.split('-').map(Number);
  if (first === undefined || last === undefined || range === '') return [];
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function taskset(...args: string[]): string {
  const { status, stdout } = spawnSync('taskset', args, { encoding: 'utf8' });
  return status === 0 ? stdout : '';
}
