import type { LoadedRoutes } from './application.js';
import type { CliContext } from './cli-context.js';

/** Warns when addresses may not be those that are served. */
export function sayLackingAddresses({ hasFinalAddresses }: LoadedRoutes, { printError }: CliContext): void {
  if (hasFinalAddresses) return;
  printError(
    'Addresses are those of the module, without the global prefix and the versions that main.ts sets. Export a ' +
      'function that returns the application to include them.',
  );
}
