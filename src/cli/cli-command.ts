import type { Command } from 'commander';

import type { CliContext } from './cli-context.js';

/**
 * Adds a command to the program. One file in `commands/` each; it loads what it needs when the command runs, so that
 * `--help` and the other commands stay fast.
 */
export type CliCommand = (program: Command, context: CliContext) => void;
