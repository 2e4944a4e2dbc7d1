import { createRequire } from 'node:module';
import { cpus } from 'node:os';

import type { Cores } from '../process/cores.js';

const require = createRequire(import.meta.url);

const versionOf = (name: string): string => {
  const { version } = require(`${name}/package.json`) as { readonly version: string };
  return `${name} ${version}`;
};

/** What was measured on, in a line or two. */
export function machine({ measured, other }: Cores): string {
  const pinning =
    measured === undefined || other === undefined
      ? 'processes not pinned to cores (that takes `taskset` and two cores), so expect more noise'
      : `what is measured pinned to core ${measured}, load and emulator to core ${other}`;
  const packages = ['@nestjs/core', 'fastify', 'express', '@nestjs/passport', '@wix/sdk'].map(versionOf);
  return [
    `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores; ${pinning}.`,
    `Node ${process.versions.node}, ${packages.join(', ')}.`,
  ].join('\n');
}
