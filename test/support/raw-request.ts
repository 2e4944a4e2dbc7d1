import { once } from 'node:events';
import { connect } from 'node:net';

/** What a server answered to bytes that no HTTP client would send. */
export interface RawAnswer {
  readonly status: number;
  /** Everything after the headers. */
  readonly body: string;
}

/** Sends a GET with exactly these header lines over a socket of its own. */
export async function rawGet(url: string, ...headerLines: readonly string[]): Promise<RawAnswer> {
  const { hostname, port, pathname, search } = new URL(url);
  const socket = connect(Number(port), hostname);
  const received: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => received.push(chunk));
  // A server may answer and hang up before it has read everything.
  socket.on('error', () => undefined);
  socket.write(
    [`GET ${pathname}${search} HTTP/1.1`, 'Host: app', 'Connection: close', ...headerLines, '', ''].join('\r\n'),
  );
  await once(socket, 'close');
  const text = Buffer.concat(received).toString();
  const [head = '', ...rest] = text.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]), body: rest.join('\r\n\r\n') };
}
