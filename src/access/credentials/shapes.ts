/** An object whose members are not known. */
export type Shape = Readonly<Record<string, unknown>>;

/** Whether a value is an object. */
export const isShape = (value: unknown): value is Shape => typeof value === 'object' && value !== null;

/** Whether a value has these methods. Identifies objects of optional packages, whose classes are not imported. */
export const hasMethods = <Name extends string>(
  value: unknown,
  ...names: readonly Name[]
): value is Readonly<Record<Name, (...args: readonly unknown[]) => unknown>> =>
  isShape(value) && names.every((name) => typeof value[name] === 'function');

/** The values of `authorization` in a record, whatever its case and however many there are. */
export const authorizationsIn = (record: unknown): readonly unknown[] =>
  isShape(record)
    ? Object.entries(record)
        .filter(isAuthorization)
        .flatMap(([, value]) => value)
    : [];

const isAuthorization = ([name]: readonly [name: string, value: unknown]): boolean =>
  name.toLowerCase() === 'authorization';
