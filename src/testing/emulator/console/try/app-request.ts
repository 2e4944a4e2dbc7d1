import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';

const TIMEOUT_MS = 30_000;
const MAX_BODY_BYTES = 256 * 1024;

/** A request to the app. */
export interface AppRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** The answer; `status: 0` and `problem` when there was none. */
export interface AppAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly problem: string | null;
}

/** Sends a request to the app. Follows no redirect, and never fails. */
export function askApp({ url, method, headers, body }: AppRequest): Promise<AppAnswer> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const fail = (problem: string): void => resolve({ status: 0, statusText: '', headers: {}, body: '', problem });
    const request = send(url, { method, headers, timeout: TIMEOUT_MS }, (response) => {
      textOf(response).then(
        (text) =>
          resolve({
            status: response.statusCode ?? 0,
            statusText: response.statusMessage ?? '',
            headers: plain(response.headers),
            body: text,
            problem: null,
          }),
        () => fail('The connection ended in the middle of the answer.'),
      );
    });
    request.once('timeout', () => request.destroy(new Error('TIMEOUT')));
    request.once('error', (error) => fail(problemOf(error, url)));
    request.end(body);
  });
}

function problemOf(error: Error & { readonly code?: string }, { origin }: URL): string {
  if (error.code === 'ECONNREFUSED') return `Nothing listens at ${origin}. Start your app.`;
  if (error.message === 'TIMEOUT') return `${origin} did not answer within ${(TIMEOUT_MS / 1_000).toString()} s.`;
  return `No answer from ${origin} (${error.code ?? error.message}).`;
}

async function textOf(response: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    length += chunk.length;
    chunks.push(chunk);
    if (length >= MAX_BODY_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString('utf8');
}

const plain = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]));
