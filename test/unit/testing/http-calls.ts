/** What came back, with the body parsed when it is JSON. */
export interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

/** Sends a request with plain fetch. An object as body goes as JSON, a string as it is. */
export async function call(
  url: string,
  {
    method,
    token,
    body,
    headers = {},
  }: Partial<Record<'method' | 'token', string>> & {
    readonly body?: unknown;
    readonly headers?: Record<string, string>;
  } = {},
): Promise<Received> {
  const response = await fetch(url, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    redirect: 'manual',
    headers: {
      ...(token === undefined ? {} : { authorization: token }),
      ...(typeof body === 'object' ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parsed(text) };
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
