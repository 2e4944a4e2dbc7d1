import { relative } from 'node:path';

import type { Copied } from '../../testing/emulator/console/console-api.js';
import type { CliCommand } from '../cli-command.js';
import type { CliContext } from '../cli-context.js';

interface TokenFlags {
  readonly as: string;
  readonly site?: string;
  readonly expired?: boolean;
}

/** `nestjs-wix-auth token --as <person>`: a header file with the token of a person. */
export const tokenCommand: CliCommand = (program, context) => {
  program
    .command('token')
    .description("Write a header file with a person's token, for curl -H @file. The token itself is not printed.")
    .requiredOption('--as <person>', 'whose: owner, manager, …, or app for the app itself')
    .option('--site <key>', 'the site (default: the first that has the app)')
    .option('--expired', 'a token that has expired')
    .action((flags: TokenFlags) => writeToken(flags, context));
};

async function writeToken({ as, site, expired }: TokenFlags, { cwd, print }: CliContext): Promise<void> {
  const { RunningEmulator } = await import('../running-emulator.js');
  const emulator = await RunningEmulator.find(cwd);
  const { instanceId } = await emulator.installOn(site);
  const { text } = (await emulator.call('POST', 'copy', { what: 'token', instanceId, as, expired })) as Copied;
  const file = await emulator.folder.write(`${as}.header`, `authorization: ${text}\n`);
  print(relative(cwd, file));
}
