import type { JsonSchema } from '../../scenario/json-schema.js';
import type { CurlCommand, TryAnswer, TryRequest } from '../console-api.js';
import type { ConsoleContext } from '../console-context.js';
import { ApiRefusal, type ApiRoute } from '../http/api-route.js';
import { signedInstanceAs, tokenAs } from '../people/credentials.js';
import { appOf, installById, personOn } from '../people/lookups.js';
import { personView } from '../people/views.js';
import type { RequestJournal } from '../requests/request-journal.js';
import { askApp } from './app-request.js';
import { curlCommand } from './curl.js';
import { refusalOf } from './refusal.js';

const text = { type: 'string' } as const;

const tryRequest: JsonSchema = {
  type: 'object',
  required: ['instanceId', 'as', 'method', 'path'],
  properties: {
    instanceId: text,
    as: { type: ['string', 'null'] },
    credential: { enum: ['access-token', 'signed-instance'] },
    method: { type: 'string', pattern: '^[A-Za-z]{1,20}$', title: 'an HTTP method' },
    path: { type: 'string', pattern: '^/', title: 'a path that starts with /' },
    headers: {
      type: 'object',
      additionalProperties: { type: 'string', pattern: '^[\\t\\x20-\\x7e]*$', title: 'one line of plain characters' },
    },
    body: text,
  },
  additionalProperties: false,
};

/** The page Try it. */
export const tryRoutes = (context: ConsoleContext, journal: RequestJournal): readonly ApiRoute[] => [
  { method: 'POST', path: 'try', body: tryRequest, handle: ({ body }) => tried(context, journal, body as TryRequest) },
  { method: 'POST', path: 'try/curl', body: tryRequest, handle: ({ body }) => curlFor(context, body as TryRequest) },
];

async function tried(context: ConsoleContext, journal: RequestJournal, request: TryRequest): Promise<TryAnswer> {
  const url = addressOf(context, request);
  const credential = credentialFor(context, request);
  const headers = { ...request.headers, ...(credential !== undefined && { authorization: credential }) };
  const before = journal.lastId;
  const startedAt = performance.now();
  const answer = await askApp({ url, method: request.method.toUpperCase(), headers, body: request.body });
  const ms = Math.round(performance.now() - startedAt);
  const wixRequests = journal.entries.map(({ view }) => view).filter(({ id }) => id > before);
  const refusal = refusalOf({ answer, who: nameOf(context, request), wixRequests });
  return { ...answer, ms, refusal, wixRequests: wixRequests.map(({ id }) => id) };
}

async function curlFor(context: ConsoleContext, request: TryRequest): Promise<CurlCommand> {
  const url = addressOf(context, request);
  const credential = credentialFor(context, request);
  if (credential === undefined) return { command: curlCommand(url, request, null), headerFile: null };
  const { writeHeader } = context.run;
  if (!writeHeader) throw new ApiRefusal(409, 'This emulator has no folder for files with credentials.');
  const headerFile = await writeHeader(request.as ?? 'none', `authorization: ${credential}`);
  return { command: curlCommand(url, request, headerFile), headerFile };
}

// `//elsewhere` would be another server: credentials go to the app only.
function addressOf(context: ConsoleContext, { instanceId, path }: TryRequest): URL {
  const { url: origin } = appOf(context, installById(context, instanceId));
  const url = new URL(path, origin);
  if (url.origin !== origin) throw new ApiRefusal(400, 'path must be a path of the app.');
  return url;
}

function credentialFor(context: ConsoleContext, request: TryRequest): string | undefined {
  if (request.as === null) return undefined;
  const install = installById(context, request.instanceId);
  return request.credential === 'signed-instance'
    ? signedInstanceAs(context, install, request.as).text
    : tokenAs(context, install, request.as).text;
}

function nameOf(context: ConsoleContext, { instanceId, as }: TryRequest): string | null {
  if (as === null) return null;
  const install = installById(context, instanceId);
  return as === 'app' ? 'The app itself' : personView(personOn(context, install, as)).name;
}
