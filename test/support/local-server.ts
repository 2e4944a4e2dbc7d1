import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on a loopback port, for what only a socket can show. */
export class LocalServer {
  readonly #server: Server;
  connections = 0;

  constructor(listener: RequestListener) {
    this.#server = createServer(listener);
    this.#server.on('connection', () => {
      this.connections += 1;
    });
  }

  /** Its URL, once it listens. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${String(port)}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
