import type { ModuleMetadata } from '@nestjs/common';

/** What stands before the route, and what the app needs for it. */
export interface Protection {
  readonly guards: readonly ClassDecorator[];
  readonly metadata: Pick<ModuleMetadata, 'imports' | 'providers'>;
}
