import { Readable } from 'node:stream';

import type { PlainCall } from '../client/plain-calls.js';

/** What `fetch` takes. */
export type Input = Parameters<typeof fetch>[0];
export type Init = NonNullable<Parameters<typeof fetch>[1]>;

/** What a request needs beside the arguments of `fetch`. */
export interface SdkRequestOptions extends Pick<PlainCall, 'signal' | 'retry'> {
  /** Where it goes. */
  readonly url: string;
}

/** The call that the arguments of `fetch` describe. */
export async function callFrom(input: Input, init: Init, options: SdkRequestOptions): Promise<PlainCall> {
  const { url, retry } = options;
  const request = requestFrom(url, input, init);
  return {
    url,
    retry,
    method: request.method,
    headers: headersOf(request),
    body: await bodyOf(request, isSentOnce(input, init)),
    signal: eitherOf(options.signal, init.signal ?? (input instanceof Request ? input.signal : undefined)),
    followsRedirects: request.redirect === 'follow',
  };
}

// Its signal is watched elsewhere, and would be watched twice.
function requestFrom(url: string, input: Input, init: Init): Request {
  const options = { ...init, signal: null, ...(isSentOnce(input, init) && { duplex: 'half' as const }) };
  return new Request(url, input instanceof Request ? new Request(input, options) : options);
}

// The token is attached where the request leaves.
function headersOf({ headers }: Request): Readonly<Record<string, string>> {
  const sent = new Headers(headers);
  sent.delete('authorization');
  sent.delete('host');
  return Object.fromEntries(sent);
}

async function bodyOf(request: Request, isOnce: boolean): Promise<PlainCall['body']> {
  const { body } = request;
  if (body === null) return undefined;
  return isOnce ? Readable.fromWeb(body) : Buffer.from(await request.arrayBuffer());
}

const isSentOnce = (input: Input, { body }: Init): boolean =>
  isStream(body) || (input instanceof Request && input.body !== null && body === undefined);

const isStream = (body: unknown): boolean => typeof body === 'object' && body !== null && Symbol.asyncIterator in body;

const eitherOf = (one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined =>
  one !== undefined && other !== undefined ? AbortSignal.any([one, other]) : (one ?? other);
