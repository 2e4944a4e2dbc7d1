import type { CliCommand } from '../cli-command.js';
import { checkCommand } from './check.command.js';
import { emulatorCommand } from './emulator.command.js';
import { manifestCommand } from './manifest.command.js';
import { pluginCommand } from './plugin.command.js';
import { routesCommand } from './routes.command.js';
import { sendCommand } from './send.command.js';
import { tokenCommand } from './token.command.js';

/** Every command of the program, in the order of `--help`. */
export const commands: readonly CliCommand[] = [
  emulatorCommand,
  sendCommand,
  tokenCommand,
  pluginCommand,
  routesCommand,
  manifestCommand,
  checkCommand,
];
