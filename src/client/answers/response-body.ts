import { Readable, Transform } from 'node:stream';

import { parseJson } from '../../core/values/json.js';
import { WixMisconfiguredError, WixUnavailableError } from '../../core/wix-auth.errors.js';

const MAX_ERROR_BYTES = 65_536;

/** The body of a refusing answer: parsed if it is JSON, else its text; `undefined` when it is empty or unreadable. */
export async function errorBody(data: unknown): Promise<unknown> {
  const text = data instanceof Readable ? await beginningOf(data) : textIn(data);
  return text === '' ? undefined : (parseJson(text) ?? text);
}

/** Releases a body that will not be read, and with it the connection. */
export function discard(data: unknown): void {
  if (data instanceof Readable) data.destroy();
}

/**
 * The same stream without the ways back that Node's own has, to the request and its headers. Ends with an error when
 * it grows longer than `maxBytes`; destroying it closes the connection.
 */
export function sealedStream(source: Readable, maxBytes: number): Readable {
  let bytes = 0;
  const sealed = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > maxBytes ? tooLong(maxBytes) : null, chunk);
    },
  });
  source.on('error', (error) => sealed.destroy(interrupted(error)));
  sealed.once('close', () => source.destroy());
  return source.pipe(sealed);
}

/** Says which setting lets a longer answer in. */
export const tooLong = (maxBytes: number): WixMisconfiguredError =>
  new WixMisconfiguredError(
    `Wix's answer is longer than ${String(maxBytes)} bytes. Ask for less, or raise calls.maxResponseBytes; a single call ` +
      "of WixHttpService may raise maxContentLength, or be read with responseType 'stream'.",
  );

function interrupted(error: Error): WixUnavailableError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'no code';
  return new WixUnavailableError(`Wix's answer broke off (${code}).`, { cause: new Error(code) });
}

async function beginningOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      const read = Buffer.from(chunk as Uint8Array | string);
      chunks.push(read);
      bytes += read.length;
      if (bytes >= MAX_ERROR_BYTES) break;
    }
  } catch {
    // A partial body says more than the error about the missing rest.
  }
  return Buffer.concat(chunks).toString('utf8');
}

function textIn(data: unknown): string {
  if (typeof data === 'string') return data;
  if (Buffer.isBuffer(data)) return data.toString('utf8');
  return '';
}
