import { InvalidArgumentError } from 'commander';

import type { DeliveryView } from '../../testing/emulator/console/console-api.js';
import type { CliCommand } from '../cli-command.js';
import { CliError, type CliContext } from '../cli-context.js';

interface SendFlags {
  readonly data?: string;
  readonly times: number;
  readonly duplicates: number;
  readonly site?: string;
  readonly as?: string;
  readonly forgery?: string;
}

/** `nestjs-wix-auth send <event>`: a webhook from the running emulator. */
export const sendCommand: CliCommand = (program, context) => {
  program
    .command('send')
    .description('Let the running emulator send a webhook to your app.')
    .argument('<event>', 'its type, such as AppInstalled or wix.contacts.v4.contact_created')
    .option('--data <file>', 'JSON of the innermost data (default: a template)')
    .option('--times <n>', 'how many different events', wholeNumber, 1)
    .option('--duplicates <n>', 'how many more times each is sent at once', wholeNumber, 0)
    .option('--site <key>', 'the site it happens on (default: the first that has the app)')
    .option('--as <person>', 'who causes it')
    .option('--forgery <kind>', 'what is wrong with it: another-key, stale, expired, …')
    .action((event: string, flags: SendFlags) => send(event, flags, context));
};

async function send(type: string, flags: SendFlags, context: CliContext): Promise<void> {
  const { RunningEmulator } = await import('../running-emulator.js');
  const { objectIn } = await import('../json-file.js');
  const emulator = await RunningEmulator.find(context.cwd);
  const { instanceId } = await emulator.installOn(flags.site);
  const data = flags.data === undefined ? undefined : await objectIn(context.cwd, flags.data);
  const { times, duplicates, forgery, as } = flags;
  const sent = await emulator.call('POST', 'events', { instanceId, type, data, times, duplicates, forgery, as });
  const deliveries = sent as readonly DeliveryView[];
  for (const delivery of deliveries) context.print(lineOf(delivery));
  if (deliveries.some(({ state }) => state !== 'delivered')) throw new CliError('Not everything was delivered.');
}

function lineOf({ type, url, state, attempts }: DeliveryView): string {
  const [first] = attempts;
  const status = first?.status === 0 ? 'no answer' : String(first?.status);
  const time = `${String(first?.ms)} ms${first?.late ? ', too late' : ''}`;
  return `${type} → ${url}: ${status} in ${time} (${state})`;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a whole number.');
}
