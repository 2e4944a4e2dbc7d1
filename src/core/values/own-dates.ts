import { types } from 'node:util';

// One getter per name for all objects: with a getter each, no two of them would have the same shape.
const NAMES = ['eventTime', 'expirationDate', 'expiresAt', 'issuedAt'] as const;

const properties = new Map(NAMES.map((name) => [name as string, dateProperty(name)]));

interface DateProperty {
  readonly moment: symbol;
  readonly descriptor: PropertyDescriptor;
}

function dateProperty(name: string): DateProperty {
  const moment = Symbol(`moment of ${name}`);
  return {
    moment,
    descriptor: {
      enumerable: true,
      get(this: object) {
        return new Date(Reflect.get(this, moment) as number);
      },
    },
  };
}

/**
 * The same object, frozen, with a new date at each read of a date: several callers share it, a `Date` can be changed even
 * where it is frozen, and what one does to it must not move the expiry of all. Spread and JSON show dates as usual.
 */
export function frozenWithOwnDates<Fields extends object>(fields: Fields): Readonly<Fields> {
  const made: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields) as [string, unknown][]) {
    const property = properties.get(name);
    if (property === undefined || !types.isDate(value)) made[name] = value;
    else {
      Object.defineProperty(made, property.moment, { value: value.getTime() });
      Object.defineProperty(made, name, property.descriptor);
    }
  }
  return Object.freeze(made) as Readonly<Fields>;
}
