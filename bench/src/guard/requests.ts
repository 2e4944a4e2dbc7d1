/** An endless sequence of requests, as the bytes that go over the wire. */
export interface RequestCycle {
  /** How many different credentials they carry. */
  readonly credentials: number;
  next(): Buffer;
}

// As many as there may be different ones: bytes that are always the same are in every cache, which makes the very
// sending and receiving a tenth cheaper.
const REQUESTS = 10_000;

/** Requests that carry these credentials in turn. */
export function requestsWith(url: string, authorizations: readonly string[]): RequestCycle {
  const { host } = new URL(url);
  const requests = Array.from({ length: REQUESTS }, (_, index) =>
    requestWith(host, authorizations[index % authorizations.length] ?? ''),
  );
  let sent = 0;
  const next = (): Buffer => {
    const request = requests[sent % requests.length] ?? Buffer.alloc(0);
    sent += 1;
    return request;
  };
  return { credentials: authorizations.length, next };
}

const requestWith = (host: string, authorization: string): Buffer =>
  Buffer.from(
    `GET /products HTTP/1.1\r\nHost: ${host}\r\nAccept: application/json\r\nAuthorization: ${authorization}\r\n\r\n`,
  );
