import { Readable } from 'node:stream';

import { emptyAnswer, jsonAnswer, Refused, validationError, type Answer } from '../wire/answer.js';
import type { Call, Endpoint } from './endpoint.js';

const CHUNK = Buffer.alloc(65_536, 'x');

/** Not Wix: endpoints for trying out an HTTP client. */
export const playgroundEndpoints: readonly Endpoint[] = [
  { method: '*', path: '/emulator/echo', handle: echo },
  { method: 'GET', path: '/emulator/blob', handle: blob },
  { method: '*', path: '/emulator/redirect', handle: redirect },
];

/** Answers with the request as it arrived. */
function echo({ request: { method, path, query, headers, body } }: Call): Answer {
  return jsonAnswer(200, { method, path, query, headers, body });
}

/** Streams `?bytes=` bytes, with a length unless `?chunked=true`. */
function blob({ request: { query } }: Call): Answer {
  const bytes = Number(query['bytes'] ?? 1024);
  if (!Number.isInteger(bytes) || bytes < 0) throw new Refused(validationError('bytes', 'must be a whole number'));
  const length = query['chunked'] === 'true' ? {} : { 'content-length': bytes.toString() };
  const headers = { 'content-type': 'application/octet-stream', ...length };
  return {
    status: 200,
    headers,
    payload: () => Readable.from(chunksOf(bytes), { objectMode: false }),
    note: undefined,
  };
}

function* chunksOf(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= CHUNK.length) yield left >= CHUNK.length ? CHUNK : CHUNK.subarray(0, left);
}

/** Redirects to `?to=` with `?status=` (302). */
function redirect({ request: { query } }: Call): Answer {
  const { to, status = '302' } = query;
  if (to === undefined) throw new Refused(validationError('to', 'must be a URL'));
  return emptyAnswer(Number(status), { location: to });
}
