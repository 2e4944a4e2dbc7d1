import { IsObject, ValidateBy, ValidateIf, ValidateNested } from 'class-validator';

/** A rule: what holds, what to write when it does not, and which part of it was broken, never with a value. */
export const holds = (
  name: string,
  test: (value: unknown) => boolean,
  remedy: string,
  detail: (value: unknown) => string = () => '',
): PropertyDecorator =>
  ValidateBy({
    name,
    validator: {
      validate: test,
      defaultMessage: (given) => `$property ${remedy}${spaced(detail(given?.value))}`,
    },
  });

const spaced = (text: string): string => (text === '' ? '' : ` ${text}`);

/** Milliseconds within the range of timers. */
export const IsDuration = (): PropertyDecorator =>
  holds('isDuration', isCount, 'must be a whole number of milliseconds, 0 or more.');

const MAX_STALE_MS = 4 * 3_600_000;

/** Milliseconds that what was known before an outage may outlast it. */
export const IsStaleTime = (): PropertyDecorator =>
  holds(
    'isStaleTime',
    (value) => isCount(value) && value <= MAX_STALE_MS,
    'must be a whole number of milliseconds, at most 14400000 (4 hours).',
  );

/** A count, or a time above 0. */
export const IsPositive = (): PropertyDecorator =>
  holds('isPositive', (value) => isCount(value) && value > 0, 'must be a whole number above 0.');

/** Text that passes a test. */
export const isText =
  (test: (text: string) => boolean) =>
  (value: unknown): boolean =>
    typeof value === 'string' && test(value);

/** One or more texts that pass a test. */
export const isOneOrMore =
  (test: (text: string) => boolean) =>
  (value: unknown): boolean => {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list.length > 0 && list.every((entry) => typeof entry === 'string' && test(entry));
  };

// Timers take no more: they would fire at once.
const MAX_COUNT = 2 ** 31 - 1;

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= MAX_COUNT;

/** A part with rules of its own: an object wherever it is given. */
export const IsPart =
  (remedy = 'must be an object.'): PropertyDecorator =>
  (target, property) => {
    const isGiven = (options: object): boolean => Reflect.get(options, property) !== undefined;
    ValidateIf(isGiven)(target, property);
    IsObject({ message: `$property ${remedy}` })(target, property);
    ValidateNested()(target, property);
  };
