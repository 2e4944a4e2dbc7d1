import type { LoadedRoutes } from './application.js';
import type { CliContext } from './cli-context.js';

/** Says where addresses may not be those that are served. */
export function sayLackingAddresses({ hasFinalAddresses }: LoadedRoutes, { printError }: CliContext): void {
  if (hasFinalAddresses) return;
  printError(
    'Addresses are those of the module: a global prefix and versions, which main.ts sets, are not in them. Export a ' +
      'function that returns the application to have them.',
  );
}
