import { isJsonObject, type JsonObject } from '../../core/values/json.js';

// A name or an index: what stands between dots and brackets that no backslash takes the meaning of.
const STEP = /(?:\\.|[^.[\]\\])+/g;

/**
 * What an update changed, in a package's own form. Wix names changed fields by their paths (`info.name.first`,
 * `media.items[0].image`), which transformations do not know: each field is handed to them where it belongs, and put
 * back under its path with the names they gave. What they make something else of there, such as one text of an address, is
 * handed to them by its path, of which they know the names at least.
 */
export const transformedFields = (fields: JsonObject, transform: (fields: JsonObject) => unknown): JsonObject =>
  Object.fromEntries(Object.entries(fields).map(([path, value]) => transformedField(path, value, transform)));

type Field = readonly [path: string, value: unknown];

function transformedField(path: string, value: unknown, transform: (fields: JsonObject) => unknown): Field {
  const steps = path.match(STEP) ?? [];
  const found = fieldAt(steps, transform(nestedBy(steps, structuredClone(value))));
  if (found === undefined) return onlyField(transform({ [path]: value })) ?? [path, value];
  const names = found.names[Symbol.iterator]();
  return [path.replace(STEP, (step) => names.next().value ?? step), found.value];
}

// Without a prototype, since a step may have any name.
const nestedBy = (steps: readonly string[], value: unknown): JsonObject =>
  steps.reduceRight<unknown>((inner, step) => {
    return isIndex(step) ? [inner] : Object.assign(Object.create(null) as object, { [step]: inner });
  }, value) as JsonObject;

const onlyField = (transformed: unknown): Field | undefined =>
  isJsonObject(transformed) ? Object.entries(transformed)[0] : undefined;

interface Found {
  readonly names: readonly string[];
  readonly value: unknown;
}

function fieldAt(steps: readonly string[], transformed: unknown): Found | undefined {
  const names: string[] = [];
  let value = transformed;
  for (const step of steps) {
    const name = isIndex(step) ? '0' : nameIn(value, step);
    if (name === undefined || typeof value !== 'object' || value === null || !(name in value)) return undefined;
    names.push(isIndex(step) ? step : name);
    value = Reflect.get(value, name);
  }
  return { names, value };
}

// The packages put `_` before `id`, `createdDate` and `updatedDate`.
const nameIn = (object: unknown, step: string): string | undefined =>
  isJsonObject(object) ? [step, `_${step}`].find((name) => name in object) : undefined;

const isIndex = (step: string): boolean => /^\d+$/.test(step);
