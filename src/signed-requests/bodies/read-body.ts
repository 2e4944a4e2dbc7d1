import type { IncomingMessage } from 'node:http';

import type { CapturedBody } from './captured-body.js';

/** Reads a body up to a limit, and discards the rest. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<CapturedBody> {
  const { 'content-encoding': encoding = 'identity', 'content-length': length } = request.headers;
  if (encoding !== 'identity') return refused(request, { refusal: 'encoded' });
  if (Number(length) > maxBytes) {
    return refused(request, { refusal: 'too-large', maxBytes, size: Number(length) });
  }
  return collected(request, maxBytes);
}

// Read on without keeping anything, so that the connection can carry the answer.
function refused(request: IncomingMessage, body: CapturedBody): Promise<CapturedBody> {
  request.resume();
  return Promise.resolve(body);
}

function collected(request: IncomingMessage, maxBytes: number): Promise<CapturedBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else resolve({ refusal: 'too-large', maxBytes, size });
    });
    const cutOff = (): void => resolve({ refusal: 'cut-off' });
    request
      .on('end', () => resolve({ bytes: Buffer.concat(chunks, size) }))
      .on('error', cutOff)
      .on('close', cutOff);
  });
}
