import type { ApiError, StreamEvents } from '../../src/testing/emulator/console/console-api.js';

const API = new URL('api/', document.baseURI);

/** A refusal of the API, or a program that does not answer, with a message to show. */
export class ConsoleError extends Error {
  constructor(
    message: string,
    /** The HTTP status; 0 when nothing came back. */
    readonly status: number,
  ) {
    super(message);
  }
}

/** Calls the console's API with the key of this run. */
export class ConsoleApi {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  /** @throws {@link ConsoleError} */
  get<T>(path: string): Promise<T> {
    return this.#send('GET', path);
  }

  /** @throws {@link ConsoleError} */
  send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<T> {
    return this.#send(method, path, body);
  }

  /** Reads the stream until `signal` aborts it. Resolves when the connection has ended. */
  async stream(signal: AbortSignal, onEvent: (event: StreamEvent) => void): Promise<void> {
    const response = await this.#fetch('GET', 'stream', undefined, signal);
    if (!response.ok || response.body === null) throw await refusalOf(response);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let unread = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const blocks = (unread + part.value).split('\n\n');
      unread = blocks.pop() ?? '';
      blocks.flatMap(eventOf).forEach(onEvent);
    }
  }

  async #send<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await this.#fetch(method, path, body).catch(() => {
      throw new ConsoleError('The emulator does not answer. Is it still running?', 0);
    });
    if (!response.ok) throw await refusalOf(response);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  #fetch(method: string, path: string, body?: object, signal?: AbortSignal): Promise<Response> {
    return fetch(new URL(path, API), {
      method,
      headers: { 'x-emulator-key': this.#key, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
      credentials: 'omit',
    });
  }
}

/** One event of the stream. */
export type StreamEvent = {
  readonly [Name in keyof StreamEvents]: { readonly name: Name; readonly data: StreamEvents[Name] };
}[keyof StreamEvents];

function eventOf(block: string): StreamEvent[] {
  const fields = new Map(
    block
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const name = fields.get('event');
  const data = fields.get('data');
  return name === undefined || data === undefined ? [] : [{ name, data: JSON.parse(data) as unknown } as StreamEvent];
}

async function refusalOf(response: Response): Promise<ConsoleError> {
  const { error } = (await response.json().catch(() => ({}))) as Partial<ApiError>;
  return new ConsoleError(error ?? `The emulator answered ${String(response.status)}.`, response.status);
}
