import { InvalidArgumentError } from 'commander';

import type { CliCommand } from '../cli-command.js';
import { CliError, type CliContext } from '../cli-context.js';
import { ownPath, ownVersion } from '../own-version.js';

interface EmulatorFlags {
  readonly config?: string;
  readonly port: number;
  readonly appUrl?: string;
  readonly webhooks?: string;
  readonly open?: boolean;
  readonly state?: string;
  readonly host?: string;
  readonly allowHost?: readonly string[];
}

/** `nestjs-wix-auth emulator`: an emulated Wix with a console in the browser. */
export const emulatorCommand: CliCommand = (program, context) => {
  program
    .command('emulator')
    .description('Start an emulated Wix with a console in the browser.')
    .option('--config <file>', 'the scenario (default: wix-emulator.json, if it exists)')
    .option('--port <number>', 'the port to listen on', portNumber, 4444)
    .option('--app-url <url>', 'where your app runs (default: what the scenario says, or http://localhost:3000)')
    .option('--webhooks <path>', "the path of your app's webhooks (default: what the scenario says, or /wix/webhooks)")
    .option('--open', 'open the console in the browser')
    .option('--state <file>', 'load the scenario from this file if it exists, and save it there')
    .option('--host <address>', 'the address to listen on, for apps in containers (default: 127.0.0.1)')
    .option('--allow-host <name...>', 'further host names under which the console may be opened')
    .action((flags: EmulatorFlags) => runEmulator(flags, context));
};

async function runEmulator(flags: EmulatorFlags, context: CliContext): Promise<void> {
  const { startEmulatorProgram } = await import('../../testing/emulator/program/emulator-program.js');
  const { interruption } = await import('../interruption.js');
  const { config, port, appUrl, webhooks, state, host, allowHost: allowedHosts } = flags;
  const interrupted = interruption();
  const program = await startEmulatorProgram({
    ...{ config, port, appUrl, webhooks, state, host, allowedHosts },
    cwd: context.cwd,
    pageFolder: ownPath('dist/console'),
    version: ownVersion(),
    warn: (message) => context.printError(message),
  }).catch(asCliError);

  const { startLines } = await import('../start-lines.js');
  for (const line of startLines(program)) context.print(line);
  if (flags.open) (await import('../open-browser.js')).openBrowser(program.consoleUrl);
  await interrupted;
  await program.stop();
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number up to 65535.');
}

function asCliError(error: unknown): never {
  const isOurs = error instanceof Error && ['ScenarioError', 'ProgramError'].includes(error.name);
  throw isOurs ? new CliError(error.message, { cause: error }) : error;
}
