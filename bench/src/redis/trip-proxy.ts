import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';

// Greetings, and the reader of invalidations, which waits all the time and delays no caller.
const NOT_COUNTED = /HELLO|CLIENT|XREAD/;

/** A way to a Redis that counts how often it is waited for: pipelined commands are one trip. */
export class TripProxy {
  trips = 0;
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  /** Starts one before the Redis on that port. */
  static async start(targetPort: number): Promise<TripProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const proxy = new TripProxy(server, `redis://127.0.0.1:${String(port)}`);
    server.on('connection', (client) => {
      const redis = connect(targetPort, '127.0.0.1');
      let isWaiting = false;
      client.on('data', (request) => {
        if (!isWaiting && !NOT_COUNTED.test(request.toString())) proxy.trips += 1;
        isWaiting = true;
        redis.write(request);
      });
      redis.on('data', (reply) => {
        isWaiting = false;
        client.write(reply);
      });
      client.on('close', () => redis.destroy()).on('error', () => redis.destroy());
      redis.on('close', () => client.destroy()).on('error', () => client.destroy());
    });
    return proxy;
  }

  /** How many trips some work takes. */
  async during(work: () => Promise<unknown>): Promise<number> {
    const before = this.trips;
    await work();
    return this.trips - before;
  }

  stop(): void {
    this.#server.close();
  }
}
