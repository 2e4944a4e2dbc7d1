import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The two forms the package is built in. */
export type Format = 'esm' | 'cjs';

/** What is loaded of this package: one of its builds, or nothing, which leaves what NestJS itself takes. */
export interface Build {
  readonly format: Format;
  /** The folder with the `package.json`; `''` for NestJS alone. */
  readonly folder: string;
}

// The way an application begins, whatever else it imports.
const NEST = ['@nestjs/common', '@nestjs/core'];

const require = createRequire(import.meta.url);

/** Loads NestJS. */
export const loadNest = ({ format }: Build): Promise<unknown> =>
  Promise.all(NEST.map((name) => (format === 'esm' ? import(name) : require(name)) as unknown));

/** Loads the main entry of a build. */
export async function loadEntry({ format, folder }: Build): Promise<object | undefined> {
  if (folder === '') return undefined;
  const file = join(folder, 'dist', format, 'index.js');
  return format === 'esm' ? ((await import(pathToFileURL(file).href)) as object) : (require(file) as object);
}

/** A build as arguments of a process, and back. */
export const argsOf = ({ format, folder }: Build): string[] => [format, folder];

/** The build that the arguments of this process name. */
export const buildInArgs = (): Build => ({
  format: process.argv[2] === 'cjs' ? 'cjs' : 'esm',
  folder: process.argv[3] ?? '',
});
