import { loadRoutes } from '../application.js';
import { sayLackingAddresses } from '../application-options.js';
import type { CliCommand } from '../cli-command.js';
import { markdownOf, routesTable, textOf } from '../route-tables.js';

interface RoutesOptions {
  readonly export?: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

/** `nestjs-wix-auth routes`: who may call what, with which scopes. */
export const routesCommand: CliCommand = (program, context) => {
  program
    .command('routes')
    .description('List every route and who may call it.')
    .argument('<file>', 'compiled file that exports a module, or a function that returns the application')
    .option('--export <name>', 'which export of the file')
    .option('--json', 'as JSON')
    .option('--markdown', 'as a Markdown table')
    .action(async (file: string, options: RoutesOptions) => {
      const loaded = await loadRoutes(file, options.export, context);
      sayLackingAddresses(loaded, context);
      const table = routesTable(loaded.routes);
      if (options.json === true) context.print(JSON.stringify(loaded.routes, null, 2));
      else context.print(options.markdown === true ? markdownOf(table) : textOf(table));
    });
};
