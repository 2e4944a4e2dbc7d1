import type { PluginAnswer, PluginMethodView } from '../../testing/emulator/console/console-api.js';
import type { CliCommand } from '../cli-command.js';
import { CliError, type CliContext } from '../cli-context.js';

interface PluginFlags {
  readonly data?: string;
  readonly plugin?: string;
  readonly site?: string;
  readonly path?: string;
}

/** `nestjs-wix-auth plugin <method>`: a call of the app's service plugin from the running emulator. */
export const pluginCommand: CliCommand = (program, context) => {
  program
    .command('plugin')
    .description("Let the running emulator call a method of your app's service plugin.")
    .argument('<method>', 'such as getShippingRates')
    .option('--data <file>', 'JSON of the request (default: {})')
    .option('--plugin <type>', 'the plugin, where several have such a method: ECOM_SHIPPING_RATES, …')
    .option('--site <key>', 'the site (default: the first that has the app)')
    .option('--path <path>', "the path on your app (default: the scenario's, and the method's)")
    .action((method: string, flags: PluginFlags) => callPlugin(method, flags, context));
};

async function callPlugin(name: string, flags: PluginFlags, { cwd, print }: CliContext): Promise<void> {
  const { RunningEmulator } = await import('../running-emulator.js');
  const { objectIn } = await import('../json-file.js');
  const emulator = await RunningEmulator.find(cwd);
  const { instanceId } = await emulator.installOn(flags.site);
  const methods = (await emulator.call('GET', 'plugins')) as readonly PluginMethodView[];
  const { plugin, method } = methodOf(methods, name, flags.plugin);
  const request = flags.data === undefined ? {} : await objectIn(cwd, flags.data);
  const call = { instanceId, plugin, method, request, path: flags.path };
  const { url, status, ms, body } = (await emulator.call('POST', 'plugins', call)) as PluginAnswer;
  print(`${plugin} ${method} → ${url}: ${status === 0 ? 'no answer' : status.toString()} in ${ms.toString()} ms`);
  if (body !== '') print(body);
  if (status < 200 || status > 299) throw new CliError('The call failed.');
}

function methodOf(all: readonly PluginMethodView[], name: string, plugin: string | undefined): PluginMethodView {
  const found = all.filter((one) => one.method === name && (plugin === undefined || one.plugin === plugin));
  const [first, second] = found;
  if (first && !second) return first;
  if (second) throw new CliError(`Say which with --plugin: ${found.map((one) => one.plugin).join(', ')}.`);
  throw new CliError(`No plugin has a method ${name}. There are: ${all.map(({ method }) => method).join(', ')}.`);
}
