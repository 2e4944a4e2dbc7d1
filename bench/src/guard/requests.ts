/** Requests that follow each other for ever, as the bytes that go over the wire. */
export interface RequestCycle {
  /** After how many they repeat. */
  readonly length: number;
  next(): Buffer;
}

/** Requests that carry these credentials in turn. */
export function requestsWith(url: string, authorizations: readonly string[]): RequestCycle {
  const { host } = new URL(url);
  const requests = authorizations.map((authorization) => requestWith(host, authorization));
  let sent = 0;
  const next = (): Buffer => {
    const request = requests[sent % requests.length] ?? Buffer.alloc(0);
    sent += 1;
    return request;
  };
  return { length: requests.length, next };
}

const requestWith = (host: string, authorization: string): Buffer =>
  Buffer.from(
    `GET /products HTTP/1.1\r\nHost: ${host}\r\nAccept: application/json\r\nAuthorization: ${authorization}\r\n\r\n`,
  );
