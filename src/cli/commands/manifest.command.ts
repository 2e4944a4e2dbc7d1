import { manifestOf } from '../../manifest/manifest-of.js';
import { sayLackingAddresses } from '../application-options.js';
import { loadRoutes } from '../application.js';
import type { CliCommand } from '../cli-command.js';
import { markdownOf, needsTable, textOf } from '../route-tables.js';

interface ManifestOptions {
  readonly export?: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

/** `nestjs-wix-auth manifest`: the scopes to ask for in the app dashboard, and what needs each. */
export const manifestCommand: CliCommand = (program, context) => {
  program
    .command('manifest')
    .description('List the permission scopes to ask for in the app dashboard, and what needs each.')
    .argument('<file>', 'compiled file that exports a module, or a function that returns the application')
    .option('--export <name>', 'which export of the file')
    .option('--json', 'as JSON, with permission ids and routes')
    .option('--markdown', 'as a Markdown table')
    .action(async (file: string, options: ManifestOptions) => {
      const loaded = await loadRoutes(file, options.export, context);
      sayLackingAddresses(loaded, context);
      const manifest = await manifestOf(loaded.routes);
      const table = needsTable(manifest);
      if (options.json === true) context.print(JSON.stringify(manifest, null, 2));
      else context.print(options.markdown === true ? markdownOf(table) : textOf(table));
    });
};
