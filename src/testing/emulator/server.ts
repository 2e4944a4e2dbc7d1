import { randomInt } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

import { faultyAnswer, type EmulatorFault, type Faults } from './faults.js';
import { LoggedRequest, type RecordedRequest, type RequestLog } from './request-log.js';
import { emptyAnswer, withHeaders, type Answer } from './wire/answer.js';
import { readBody } from './wire/request-body.js';

// Taken when the module loads, so that fake timers installed later by a test do not stop the emulator.
const realSetTimeout = setTimeout;

/** What the server needs to answer. */
export interface ServerParts {
  readonly now: () => number;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly answer: (request: RecordedRequest) => Promise<Answer>;
  /** What handles requests first, if anything is mounted. */
  readonly mounted?: MountedHandler | undefined;
}

/** Answers a request if it is for what is mounted; returns whether it was. */
export type MountedHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

/** The emulator's HTTP side, on the loopback interface. */
export class EmulatorServer {
  readonly #parts: ServerParts;
  readonly #server: Server;

  constructor(parts: ServerParts) {
    this.#parts = parts;
    // A connection its client wants to use again should still be there after a pause in a test.
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      this.#receive(request, response).catch(() => response.destroy());
    });
  }

  /** Listens, and answers the base URL, which is a loopback address whatever the host is. */
  async start(port: number, host = '127.0.0.1'): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(port, host, resolve);
    });
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The emulator has no port.');
    return `http://127.0.0.1:${address.port.toString()}`;
  }

  /** Stops listening and cuts every connection, even with requests in progress. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#server.closeAllConnections();
    await closed;
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#parts.mounted?.(request, response)) return;
    const requestId = newRequestId(this.#parts.now());
    const common = { ...corsHeaders(request), 'x-wix-request-id': requestId };
    if (request.method === 'OPTIONS') return send(response, emptyAnswer(204, common));

    const logged = await this.#log(request, response, requestId);
    await this.#respond(logged, response, common);
  }

  async #log(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<LoggedRequest> {
    const rawBody = await text(request);
    const { method = 'GET', url = '/', headers } = request;
    const body = readBody(rawBody, headers['content-type']);
    const logged = new LoggedRequest({ method, url, headers, rawBody, body, at: this.#parts.now(), requestId });
    response.once('close', () => {
      logged.settle(!response.writableFinished);
    });
    this.#parts.log.add(logged);
    return logged;
  }

  async #respond(logged: LoggedRequest, response: ServerResponse, common: Record<string, string>): Promise<void> {
    const planned = this.#parts.faults.meet(logged);
    logged.faulty = planned !== undefined;
    const fault = planned ?? {};
    if (fault.hang) return;
    if (fault.reset) {
      cut(logged, () => response.socket?.resetAndDestroy());
      return;
    }

    const answer = faultyAnswer(fault) ?? withHeaders(await this.#parts.answer(logged), fault.headers ?? {});
    await held(fault);
    if (response.destroyed) return;
    const noted = withHeaders(answer, { ...common, ...noteHeader(answer) });
    if (fault.resetMidBody) {
      sendHalf(response, noted, () => {
        cut(logged, () => response.destroy());
      });
      return;
    }
    logged.status = answer.status;
    logged.note = answer.note;
    await send(response, noted);
  }
}

async function held({ delayMs = 0, until }: EmulatorFault): Promise<void> {
  if (delayMs > 0) await new Promise((resolve) => realSetTimeout(resolve, delayMs));
  await Promise.resolve(until).catch(() => undefined);
}

async function send(response: ServerResponse, { status, headers, payload }: Answer): Promise<void> {
  if (Buffer.isBuffer(payload)) {
    response.writeHead(status, { ...headers, ...lengthOf(status, payload) }).end(payload);
    return;
  }
  response.writeHead(status, headers);
  // A client that disconnects early is no error here: the log records it.
  await pipeline(payload(), response).catch(() => undefined);
}

const lengthOf = (status: number, payload: Buffer): Record<string, string> =>
  status === 204 ? {} : { 'content-length': payload.length.toString() };

// Ended by FIN: an RST could overtake the half that was sent.
function sendHalf(response: ServerResponse, { status, headers, payload }: Answer, thenCut: () => void): void {
  const whole = Buffer.isBuffer(payload) ? payload : Buffer.alloc(1024);
  const length = Math.max(whole.length, 2);
  response.writeHead(status, { ...headers, 'content-length': length.toString() });
  response.write(whole.subarray(0, Math.ceil(whole.length / 2)), thenCut);
}

function cut(logged: LoggedRequest, end: () => void): void {
  logged.settle(false);
  end();
}

function corsHeaders({ headers }: IncomingMessage): Record<string, string> {
  const asked = headers['access-control-request-headers'];
  return {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
    'access-control-allow-headers': asked ?? 'authorization, content-type, x-wix-linguist, x-wix-consistent',
    'access-control-expose-headers': 'x-wix-request-id, x-emulator-note, retry-after',
  };
}

// Headers take one line of plain characters, and clients refuse long ones.
const noteHeader = ({ note }: Answer): Record<string, string> =>
  note === undefined ? {} : { 'x-emulator-note': note.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 1000) };

/** `<unix seconds>.<long integer>`, as Wix writes it. */
function newRequestId(nowMs: number): string {
  const digits = Array.from({ length: 2 }, () => randomInt(1e8, 1e9).toString());
  return `${Math.floor(nowMs / 1000).toString()}.${digits.join('')}`;
}
