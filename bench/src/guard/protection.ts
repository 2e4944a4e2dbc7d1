import type { ModuleMetadata } from '@nestjs/common';

/** The guard of the route, and what the app needs for it. */
export interface Protection {
  readonly guards: readonly ClassDecorator[];
  readonly metadata: Pick<ModuleMetadata, 'imports' | 'providers'>;
}
