import type { WixRoute } from '../../index.js';

/** The parts of an OpenAPI document that are read. */
export type OpenApiLike = object;

type Json = Readonly<Record<string, unknown>>;

/** Examples of the path parameters of a route, by name. */
export function parameterExamples(
  route: WixRoute,
  document: OpenApiLike | undefined,
): Readonly<Record<string, string>> {
  const parameters = listOf(operationOf(route, document)['parameters']).map(objectOr);
  const examples = parameters
    .filter((parameter) => parameter['in'] === 'path')
    .map((parameter) => [String(parameter['name']), parameter['example'] ?? exampleOf(parameter['schema'], document)]);
  return Object.fromEntries(
    examples
      .filter(([, value]) => value !== undefined)
      .map(([name, value]): [string, string] => [String(name), String(value)]),
  );
}

/** An example of the body of a route. */
export function bodyExample(route: WixRoute, document: OpenApiLike | undefined): unknown {
  const content = objectOr(objectOr(operationOf(route, document)['requestBody'])['content']);
  const media = objectOr(content['application/json']);
  return media['example'] ?? firstValueOf(media['examples']) ?? exampleOf(media['schema'], document);
}

function operationOf({ path = '', method = '' }: WixRoute, document: OpenApiLike = {}): Json {
  const paths = objectOr(objectOr(document)['paths']);
  const written = path.replace(/[:*](\w+)/g, '{$1}');
  return objectOr(objectOr(paths[written])[method.toLowerCase()]);
}

// How deep schemas are followed: they may contain themselves.
const MAX_DEPTH = 5;

function exampleOf(given: unknown, document: OpenApiLike | undefined, depth = 0): unknown {
  const schema = resolved(objectOr(given), document);
  const written = schema['example'] ?? listOf(schema['examples'])[0] ?? schema['default'] ?? listOf(schema['enum'])[0];
  if (written !== undefined || depth === MAX_DEPTH) return written;
  const properties = Object.entries(objectOr(schema['properties']));
  if (properties.length === 0) return undefined;
  return Object.fromEntries(properties.map(([name, property]) => [name, exampleOf(property, document, depth + 1)]));
}

function resolved(schema: Json, document: OpenApiLike = {}): Json {
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return schema;
  return reference
    .split('/')
    .slice(1)
    .reduce<Json>((parent, name) => objectOr(parent[name]), objectOr(document));
}

const firstValueOf = (examples: unknown): unknown => objectOr(Object.values(objectOr(examples))[0])['value'];

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : []);

const objectOr = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
