import type { IncomingMessage } from 'node:http';

import { mistakesIn, type JsonSchema } from '../../scenario/json-schema.js';
import { ApiRefusal } from './api-route.js';

const MAX_BYTES = 1024 * 1024;

/** The JSON body of a call. @throws {ApiRefusal} 400 naming all mistakes, 413, 415 */
export async function readApiBody(request: IncomingMessage, schema: JsonSchema): Promise<unknown> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new ApiRefusal(415, 'Send JSON, with content-type: application/json.');
  }
  const body = parsed(await bytesOf(request));
  const mistakes = mistakesIn(body, schema);
  if (mistakes.length > 0) throw new ApiRefusal(400, mistakes.join(' '));
  return body;
}

async function bytesOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new ApiRefusal(413, 'The body is larger than 1 MiB.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiRefusal(400, 'The body is not JSON.');
  }
}
