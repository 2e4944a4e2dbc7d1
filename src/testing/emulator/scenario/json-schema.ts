import { isObject } from '../wire/request-body.js';

/** The part of JSON Schema that is used here. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: JsonType | readonly JsonType[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
}

type JsonType = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';

/** All mistakes in a value, each with its place: `sites[0].owner.userId must be a GUID`. */
export function mistakesIn(value: unknown, schema: JsonSchema, place = ''): readonly string[] {
  const types = [schema.type ?? []].flat();
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) {
    return [`${place || 'It'} must be ${types.map((type) => TYPE_NAMES[type]).join(' or ')}.`];
  }
  if (Array.isArray(value)) return listMistakes(value, schema, place);
  return isObject(value) ? objectMistakes(value, schema, place) : scalarMistakes(value, schema, place);
}

const TYPE_NAMES: Readonly<Record<JsonType, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
};

function isOfType(value: unknown, type: JsonType): boolean {
  switch (type) {
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    default:
      return typeof value === type;
  }
}

function listMistakes(list: readonly unknown[], { items, minItems = 0 }: JsonSchema, place: string): readonly string[] {
  const tooFew = list.length < minItems ? [`${place} must have at least ${minItems.toString()} entry.`] : [];
  if (!items) return tooFew;
  return [...tooFew, ...list.flatMap((item, index) => mistakesIn(item, items, `${place}[${index.toString()}]`))];
}

function objectMistakes(
  value: Readonly<Record<string, unknown>>,
  schema: JsonSchema,
  place: string,
): readonly string[] {
  const missing = (schema.required ?? []).filter((name) => value[name] === undefined);
  return [
    ...missing.map((name) => `${within(place, name)} is missing.`),
    ...Object.entries(value).flatMap(([name, property]) => propertyMistakes(name, property, schema, place)),
  ];
}

function propertyMistakes(name: string, value: unknown, schema: JsonSchema, place: string): readonly string[] {
  if (value === undefined) return [];
  const known = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : undefined;
  if (known) return mistakesIn(value, known, within(place, name));
  const { additionalProperties = true } = schema;
  if (additionalProperties === true) return [];
  if (additionalProperties !== false) return mistakesIn(value, additionalProperties, within(place, name));
  return [`${within(place, name)} is no setting. There are: ${Object.keys(schema.properties ?? {}).join(', ')}.`];
}

function scalarMistakes(value: unknown, schema: JsonSchema, place: string): readonly string[] {
  const { enum: choices, pattern, minimum = -Infinity, maximum = Infinity, title = `like ${pattern ?? ''}` } = schema;
  if (choices && !choices.includes(value)) return [`${place} must be one of ${choices.map(String).join(', ')}.`];
  if (typeof value === 'string' && pattern !== undefined && !new RegExp(pattern).test(value)) {
    return [`${place} must be ${title}.`];
  }
  if (typeof value !== 'number' || (value >= minimum && value <= maximum)) return [];
  const limits = [
    ...(minimum > -Infinity ? [`at least ${minimum.toString()}`] : []),
    ...(maximum < Infinity ? [`at most ${maximum.toString()}`] : []),
  ];
  return [`${place} must be ${limits.join(' and ')}.`];
}

const within = (place: string, name: string): string => (place === '' ? name : `${place}.${name}`);
