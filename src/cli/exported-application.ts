import { CliError } from './cli-context.js';

/** A module class of Nest, or a dynamic module. */
export type AppModule = (abstract new (...parts: never[]) => unknown) | { readonly module: unknown };

/** A function that creates an application. */
export type AppFunction = () => unknown;

type Exported = AppModule | AppFunction;

/**
 * What a file exports: under that name, or else as its default, as `AppModule`, or as the only class or function.
 *
 * @throws {@link CliError} when there is no such export, or several are possible.
 */
export function exportedFrom(namespace: object, name: string | undefined, file: string): Exported {
  const candidates = candidatesIn(namespace);
  const names = [...candidates.keys()];
  const found = name === undefined ? guessed(candidates) : candidates.get(name);
  if (found !== undefined) return found;
  throw new CliError(
    names.length === 0
      ? `${file} exports no module and no function.`
      : `${name === undefined ? 'Say which export is meant' : `${file} exports no "${name}"; choose one`} with --export: ` +
          `${names.join(', ')}.`,
  );
}

/** Whether an export is a module; otherwise it is a function that creates an application. */
export const isModule = (exported: Exported): exported is AppModule =>
  typeof exported === 'object' || /^class\b/.test(Function.prototype.toString.call(exported));

// Imported CommonJS files have a default export with all names in it; Node adds the names that it detects.
function candidatesIn(namespace: object): ReadonlyMap<string, Exported> {
  const inner: unknown = Reflect.get(namespace, 'default');
  const all = { ...(typeof inner === 'object' ? inner : {}), ...namespace };
  return new Map(Object.entries(all).filter((entry): entry is [string, Exported] => isExported(entry[1])));
}

const isExported = (value: unknown): value is Exported =>
  typeof value === 'function' || (typeof value === 'object' && value !== null && 'module' in value);

function guessed(candidates: ReadonlyMap<string, Exported>): Exported | undefined {
  const [only, ...others] = candidates.values();
  return candidates.get('default') ?? candidates.get('AppModule') ?? (others.length === 0 ? only : undefined);
}
