import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { checkManifest, type ManifestCheck } from '../../manifest/manifest-check.js';
import { manifestOf } from '../../manifest/manifest-of.js';
import type { WixManifest } from '../../manifest/wix-manifest.js';
import { loadRoutes } from '../application.js';
import type { CliCommand } from '../cli-command.js';
import { CliError } from '../cli-context.js';

interface CheckOptions {
  readonly against: string;
  readonly export?: string;
  readonly update?: boolean;
}

/** `nestjs-wix-auth check`: fails when an application allows more than the manifest that was agreed on. */
export const checkCommand: CliCommand = (program, context) => {
  program
    .command('check')
    .description('Fail when routes are new, weaker, or need a scope that the manifest lacks.')
    .argument('<file>', 'compiled file that exports a module, or a function that returns the application')
    .requiredOption('--against <manifest>', 'the manifest that was agreed on, such as wix-manifest.json')
    .option('--export <name>', 'which export of the file')
    .option('--update', 'write the manifest instead')
    .action(async (file: string, options: CheckOptions) => {
      const current = await manifestOf((await loadRoutes(file, options.export, context)).routes);
      const path = resolve(context.cwd, options.against);
      if (options.update === true) {
        await writeFile(path, `${JSON.stringify(current, null, 2)}\n`);
        context.print(`Written: ${options.against}, ${countOf(current)}.`);
        return;
      }
      const check = checkManifest(await manifestIn(path, options.against), current);
      check.notes.forEach(context.print);
      if (check.failures.length > 0) throw new CliError(failureText(check, options.against));
      context.print(`Nothing beyond ${options.against}: ${countOf(current)}.`);
    });
};

const countOf = ({ routes, scopes }: WixManifest): string =>
  `${String(routes.length)} routes, ${String(scopes.length)} scopes`;

const failureText = ({ failures }: ManifestCheck, file: string): string =>
  `The application goes beyond ${file}:\n${failures.map((failure) => `- ${failure}`).join('\n')}\n` +
  'If that is intended, run the same command with --update, and commit the file.';

async function manifestIn(path: string, name: string): Promise<WixManifest> {
  const manifest = parsed(await textIn(path, name), name);
  if (isManifest(manifest)) return manifest;
  throw new CliError(`${name} is not a manifest of this version: write it with --update.`);
}

const isManifest = (value: unknown): value is WixManifest =>
  typeof value === 'object' && value !== null && 'format' in value && value.format === 1;

async function textIn(path: string, name: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new CliError(`${name} cannot be read: write it with --update.`, { cause: error });
  }
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CliError(`${name} is not JSON.`, { cause: error });
  }
}
