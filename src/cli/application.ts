import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { ROUTES_READER } from '../core/marks.js';
import type { WixRoute } from '../manifest/wix-route.js';
import { CliError, type CliContext } from './cli-context.js';
import { exportedFrom, isModule, type AppFunction, type AppModule } from './exported-application.js';

/** The routes of an application, and whether their addresses are those it serves. */
export interface LoadedRoutes {
  readonly routes: readonly WixRoute[];
  /** `false` where only a module was given: what `main.ts` sets, such as a global prefix, is not known then. */
  readonly hasFinalAddresses: boolean;
}

/** What is used of an application. */
export interface ReadableApp {
  get(token: symbol, options: { readonly strict: false }): unknown;
  close(): Promise<unknown>;
}

/**
 * Reads the routes of the application that a file exports: a module, which Nest loads in preview mode, so that nothing
 * in it is created, or a function that returns the application.
 *
 * @param exportName - which export; needed only when several are possible.
 * @throws {@link CliError} when the file exports neither.
 */
export async function loadRoutes(
  file: string,
  exportName: string | undefined,
  { cwd }: Pick<CliContext, 'cwd'>,
): Promise<LoadedRoutes> {
  const path = resolve(cwd, file);
  refuseTypeScript(file);
  const exported = exportedFrom(await importedFrom(path, file), exportName, file);
  const app = isModule(exported) ? await previewOf(exported, path) : await appOf(exported, file);
  try {
    return { routes: routesOf(app, file), hasFinalAddresses: !isModule(exported) };
  } finally {
    await app.close();
  }
}

function refuseTypeScript(file: string): void {
  if (!/\.[cm]?tsx?$/.test(file)) return;
  throw new CliError(
    `${file} is TypeScript: build the project, and name the compiled file, such as dist/app.module.js.`,
  );
}

async function importedFrom(path: string, file: string): Promise<object> {
  try {
    return (await import(pathToFileURL(path).href)) as object;
  } catch (error) {
    throw new CliError(`${file} cannot be loaded: ${messageOf(error)}`, { cause: error });
  }
}

/** What is used of `@nestjs/core`. */
interface NestCore {
  readonly NestFactory: { createApplicationContext(module: AppModule, options: object): Promise<ReadableApp> };
  readonly InitializeOnPreviewAllowlist: { add(type: unknown): void };
  readonly RouterModule: unknown;
}

async function previewOf(module: AppModule, path: string): Promise<ReadableApp> {
  const { NestFactory, InitializeOnPreviewAllowlist, RouterModule } = await nestCoreBeside(path);
  // It only records the paths of modules.
  InitializeOnPreviewAllowlist.add(RouterModule);
  return NestFactory.createApplicationContext(module, { preview: true, logger: false, abortOnError: false });
}

// The application's own Nest: another copy would not recognize its module classes.
async function nestCoreBeside(path: string): Promise<NestCore> {
  const core = (await import(pathToFileURL(createRequire(path).resolve('@nestjs/core')).href)) as NestCore & {
    readonly default?: NestCore;
  };
  return core.default ?? core;
}

async function appOf(create: AppFunction, file: string): Promise<ReadableApp> {
  const app: unknown = await create();
  if (isReadable(app)) return app;
  throw new CliError(`The function that ${file} exports does not return an application of Nest.`);
}

const isReadable = (app: unknown): app is ReadableApp =>
  typeof app === 'object' && app !== null && 'get' in app && 'close' in app && typeof app.get === 'function';

function routesOf(app: ReadableApp, file: string): readonly WixRoute[] {
  const read = readerIn(app);
  if (read === undefined) throw new CliError(`The application in ${file} does not import WixAuthModule.`);
  try {
    return read(app);
  } catch (error) {
    throw new CliError(messageOf(error), { cause: error });
  }
}

type RoutesReader = (app: ReadableApp) => readonly WixRoute[];

// Provided by the copy of this package that the application uses, which need not be the one that runs here.
function readerIn(app: ReadableApp): RoutesReader | undefined {
  try {
    return app.get(ROUTES_READER, { strict: false }) as RoutesReader;
  } catch {
    return undefined;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
