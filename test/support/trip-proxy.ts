import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { untilTrue } from './until-true.js';

// Greetings, and the reader of invalidations, which waits all the time and delays no caller.
const NOT_COUNTED = /HELLO|CLIENT|XREAD/;

/** A way to a Redis that counts how often it is waited for, and may let replies come late. */
export class TripProxy {
  /** How often something was sent while nothing was waited for: pipelined commands are one trip. */
  trips = 0;
  /** How often something was sent, whether or not something was waited for. */
  requests = 0;
  /** How much later replies come, in milliseconds. */
  delayMs = 0;
  readonly #targetPort: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #undelivered = 0;

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#server = createServer((client) => this.#serve(client));
  }

  static async start(targetPort: number): Promise<TripProxy> {
    const proxy = new TripProxy(targetPort);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `redis://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** How many trips some work takes. */
  async during(work: () => Promise<unknown>): Promise<number> {
    const before = this.trips;
    await work();
    return this.trips - before;
  }

  /** Whether some work leaves Redis alone. */
  async isSilentDuring(work: () => Promise<unknown>): Promise<boolean> {
    const before = this.requests;
    await work();
    return this.requests === before;
  }

  /** Waits until every reply that came late has been delivered. */
  delivered(): Promise<void> {
    return untilTrue(() => this.#undelivered === 0);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(client: Socket): void {
    const server = connect(this.#targetPort, '127.0.0.1');
    let isWaiting = false;
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
    client.on('data', (request) => {
      if (!NOT_COUNTED.test(request.toString())) this.#count(isWaiting);
      isWaiting = true;
      server.write(request);
    });
    // One after the other, also when the delay becomes shorter: Redis never answers out of order.
    let delivering = Promise.resolve();
    server.on('data', (reply) => {
      const dueMs = performance.now() + this.delayMs;
      this.#undelivered += 1;
      delivering = delivering.then(async () => {
        const waitMs = dueMs - performance.now();
        if (waitMs > 0) await pause(waitMs);
        this.#undelivered -= 1;
        isWaiting = false;
        if (client.writable) client.write(reply);
      });
    });
  }

  #count(isWaiting: boolean): void {
    this.requests += 1;
    if (!isWaiting) this.trips += 1;
  }
}
