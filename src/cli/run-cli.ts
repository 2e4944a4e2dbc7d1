import { Command, CommanderError } from 'commander';

import { CliError, type CliContext } from './cli-context.js';
import { commands } from './commands/commands.js';

/**
 * Runs one command line, given without `node` and the name of the program. Returns the exit code: 0, that of the
 * {@link CliError}, or 2 when the arguments are invalid. Throws anything else that a command throws.
 */
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
  try {
    await programOf(context).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has printed its own message, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof CliError)) throw error;
    context.printError(error.message);
    return error.exitCode;
  }
}

function programOf(context: CliContext): Command {
  const program = new Command('nestjs-wix-auth')
    .description('Tools for the backend of a Wix app.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.print(text.trimEnd()),
      writeErr: (text) => context.printError(text.trimEnd()),
    });
  for (const addCommand of commands) addCommand(program, context);
  return program;
}
