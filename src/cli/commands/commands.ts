import type { CliCommand } from '../cli-command.js';
import { emulatorCommand } from './emulator.command.js';

/** Every command of the program, in the order of `--help`. */
export const commands: readonly CliCommand[] = [emulatorCommand];
