import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';

/** The answer to a request the emulator sent. */
export interface EmulatorAnswer {
  /** 0 without an answer: no connection, or not in time. */
  readonly status: number;
  /** The body as text. */
  readonly body: string;
}

/** A POST the emulator sends. */
export interface EmulatorPost {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

// Taken when the module loads, so that fake timers of a test do not stop the emulator.
const realSetTimeout = setTimeout;
const realClearTimeout = clearTimeout;

/** Sends POSTs over keep-alive connections and reads the answers. Never fails. */
export class Postman {
  readonly #agent = new HttpAgent({ keepAlive: true, maxSockets: 256 });
  #closed = false;

  /** Whether it was closed. */
  get isClosed(): boolean {
    return this.#closed;
  }

  send({ url, body, headers, timeoutMs }: EmulatorPost): Promise<EmulatorAnswer> {
    return new Promise((resolve) => {
      const request = httpRequest(url, { method: 'POST', agent: this.#agent, headers: withLength(headers, body) });
      const timer = realSetTimeout(() => request.destroy(), timeoutMs);
      const settle = (answer: EmulatorAnswer): void => {
        realClearTimeout(timer);
        resolve(answer);
      };
      request.on('response', (response) => {
        textOf(response).then((text) => settle({ status: response.statusCode ?? 0, body: text }), noAnswer(settle));
      });
      request.on('error', noAnswer(settle)).end(body);
    });
  }

  /** Closes the connections. */
  close(): void {
    this.#closed = true;
    this.#agent.destroy();
  }
}

const noAnswer = (settle: (answer: EmulatorAnswer) => void) => (): void => settle({ status: 0, body: '' });

const withLength = (headers: EmulatorPost['headers'], body: string): Record<string, string | number> => ({
  ...headers,
  'content-length': Buffer.byteLength(body),
});

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
