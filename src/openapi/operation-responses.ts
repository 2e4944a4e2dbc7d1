import type { ResponseBody } from '../access/responses/response-body.js';
import type { WixRoute } from '../manifest/wix-route.js';
import type { OpenApiObject } from './openapi-document.js';
import { refusalsOf } from './refusal-examples.js';
import type { RefusalFormat } from './refusal-formats.js';

const descriptions: Readonly<Record<number, string>> = {
  401: 'No Wix credential was sent, or it is not accepted.',
  403: 'The caller is known, and may not call this.',
  503: 'Wix cannot be asked right now. Try again later.',
};

const headers: Readonly<Record<number, OpenApiObject>> = {
  401: { 'WWW-Authenticate': { description: 'The challenge of RFC 6750.', schema: { type: 'string' } } },
  503: { 'Retry-After': { description: 'Seconds to wait, if Wix gave them.', schema: { type: 'integer' } } },
};

/** The refusals a route can answer with, by status, each with an example per code. */
export function responsesOf(route: WixRoute, formats: readonly RefusalFormat[]): OpenApiObject {
  const refusals = refusalsOf(route);
  const statuses = [...new Set(refusals.map(({ statusCode }) => statusCode))];
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      response(
        status,
        refusals.filter(({ statusCode }) => statusCode === status),
        formats,
      ),
    ]),
  );
}

const response = (
  status: number,
  bodies: readonly ResponseBody[],
  formats: readonly RefusalFormat[],
): OpenApiObject => ({
  description: descriptions[status] ?? '',
  ...(headers[status] === undefined ? {} : { headers: headers[status] }),
  content: Object.fromEntries(formats.map((format) => [format.mediaType, mediaOf(format, bodies)])),
});

const mediaOf = ({ schema: [name], bodyOf }: RefusalFormat, bodies: readonly ResponseBody[]): OpenApiObject => ({
  schema: { $ref: `#/components/schemas/${name}` },
  examples: Object.fromEntries(bodies.map((body) => [body.code, { summary: body.code, value: bodyOf(body) }])),
});
