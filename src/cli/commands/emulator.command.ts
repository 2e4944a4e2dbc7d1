import type { CliCommand } from '../cli-command.js';
import { CliError } from '../cli-context.js';

/** `nestjs-wix-auth emulator`: an emulated Wix with a console in the browser. */
export const emulatorCommand: CliCommand = (program) => {
  program
    .command('emulator')
    .description('Start an emulated Wix with a console in the browser.')
    .action(() => {
      throw new CliError('The emulator cannot be started from the command line yet.');
    });
};
