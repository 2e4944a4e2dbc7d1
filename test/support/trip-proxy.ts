import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

// Greetings, and the reader of invalidations, which waits all the time and for nobody.
const NOT_COUNTED = /HELLO|CLIENT|BLOCK/;

/** A way to a Redis that counts how often it is waited for, and may let replies come late. */
export class TripProxy {
  /** How often something was sent while nothing was waited for: pipelined commands are one trip. */
  trips = 0;
  /** How much later replies come, in milliseconds. */
  delayMs = 0;
  readonly #targetPort: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

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
      if (!isWaiting && !NOT_COUNTED.test(request.toString())) this.trips += 1;
      isWaiting = true;
      server.write(request);
    });
    server.on('data', (reply) => {
      setTimeout(() => {
        isWaiting = false;
        if (client.writable) client.write(reply);
      }, this.delayMs);
    });
  }
}
