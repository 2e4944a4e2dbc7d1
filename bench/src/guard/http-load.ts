import { connect, type Socket } from 'node:net';

import type { RequestCycle } from './requests.js';

/** The result of a period of load. */
export interface Served {
  readonly requests: number;
  readonly elapsedMs: number;
}

/**
 * Holds a fixed number of requests in progress over connections that stay open. Much less work than a whole HTTP
 * client, so that the server is what limits the rate.
 */
export class HttpLoad {
  readonly #connections: readonly Connection[];

  private constructor(connections: readonly Connection[]) {
    this.#connections = connections;
  }

  /** Opens the connections. */
  static async to(url: string, connections: number): Promise<HttpLoad> {
    return new HttpLoad(await Promise.all(Array.from({ length: connections }, () => Connection.to(url))));
  }

  /** Sends requests for as long as more are wanted, and waits for the last answers. Fails on any answer but 200. */
  async drive(requests: RequestCycle, more: () => boolean): Promise<Served> {
    const startedMs = performance.now();
    const counts = await awake(
      Promise.all(this.#connections.map((connection) => driveOne(connection, requests, more))),
    );
    return { requests: counts.reduce((sum, count) => sum + count, 0), elapsedMs: performance.now() - startedMs };
  }

  /** Closes the connections. */
  close(): void {
    for (const connection of this.#connections) connection.close();
  }
}

// Waking a process that sleeps is charged to the process that wakes it, and the slower a server answers, the more
// often it would find this one asleep: a microsecond of its own would count double.
async function awake<Result>(work: Promise<Result>): Promise<Result> {
  let isDone = false;
  const stayAwake = (): void => {
    if (!isDone) setImmediate(stayAwake);
  };
  stayAwake();
  return work.finally(() => {
    isDone = true;
  });
}

async function driveOne(connection: Connection, cycle: RequestCycle, more: () => boolean): Promise<number> {
  let requests = 0;
  while (more()) {
    await connection.exchange(cycle.next());
    requests += 1;
  }
  return requests;
}

/** One connection with one request in progress at a time. */
class Connection {
  readonly #socket: Socket;
  /** All answers of a server are equally long: learned from the first. */
  #answerLength = 0;
  #received = 0;
  #done: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('close', () => this.#done?.reject(new Error('The server closed a connection.')));
    socket.on('error', (error) => this.#done?.reject(error));
  }

  static async to(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new Connection(socket);
  }

  exchange(request: Buffer): Promise<void> {
    this.#received = 0;
    return new Promise((resolve, reject) => {
      this.#done = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#done = undefined;
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    if (this.#received === 0) this.#begin(chunk);
    this.#received += chunk.length;
    if (this.#received === this.#answerLength) this.#done?.resolve();
    if (this.#received > this.#answerLength) this.#done?.reject(new Error('An answer is longer than the first one.'));
  }

  #begin(chunk: Buffer): void {
    if (chunk.toString('latin1', 0, OK.length) !== OK) this.#done?.reject(new Error(chunk.toString('latin1')));
    if (this.#answerLength === 0) this.#answerLength = lengthOf(chunk.toString('latin1'));
  }
}

const OK = 'HTTP/1.1 200 ';
const END_OF_HEAD = '\r\n\r\n';

const lengthOf = (answer: string): number =>
  answer.indexOf(END_OF_HEAD) + END_OF_HEAD.length + Number(/content-length: (\d+)/i.exec(answer)?.[1]);
