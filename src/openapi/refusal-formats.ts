import type { ResponseBody } from '../access/responses/response-body.js';
import { HttpErrorFormat } from '../nest/http-error-format.js';
import type { ResolvedWixAuthOptions } from '../options/wix-auth.options.js';
import type { OpenApiObject } from './openapi-document.js';
import { problemSchema, PROBLEM_SCHEMA, REFUSAL_SCHEMA, refusalSchema } from './refusal-schema.js';

type ErrorFormat = ResolvedWixAuthOptions['errors'];

/** A format of refusals. A document has one, or several when registrations differ. */
export interface RefusalFormat {
  readonly mediaType: string;
  /** The name of the schema, and the schema. */
  readonly schema: readonly [name: string, schema: OpenApiObject];
  /** The body as it is sent. */
  readonly bodyOf: (body: ResponseBody) => object;
}

const formats: Readonly<Record<ErrorFormat, RefusalFormat>> = {
  nest: formatOf('nest', 'application/json', [REFUSAL_SCHEMA, refusalSchema]),
  'problem+json': formatOf('problem+json', 'application/problem+json', [PROBLEM_SCHEMA, problemSchema]),
};

function formatOf(name: ErrorFormat, mediaType: string, schema: RefusalFormat['schema']): RefusalFormat {
  const format = new HttpErrorFormat(name);
  return { mediaType, schema, bodyOf: (body) => format.bodyOf(body) };
}

/** The formats of these registrations; Nest's when there are none. */
export function refusalFormatsOf(registrations: readonly Partial<ResolvedWixAuthOptions>[]): readonly RefusalFormat[] {
  const names = new Set(registrations.map(({ errors = 'nest' }) => errors));
  return names.size === 0 ? [formats.nest] : [...names].sort().map((name) => formats[name]);
}
