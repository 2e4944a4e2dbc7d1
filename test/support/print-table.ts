import { Console } from 'node:console';

/** Shows what was measured, whatever becomes of the test. */
export const printTable = (rows: readonly object[]): void => new Console(process.stdout).table(rows);
