import { randomBytes } from 'node:crypto';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What a proxy makes of the answers that pass through it. */
export type ProxyMood = 'honest' | 'slow' | 'speaking HTTP' | 'speaking nonsense';

const SLOW_MS = 2_000;

/** A way to a server on a loopback port that a test may disturb. */
export class UnreliableProxy {
  mood: ProxyMood = 'honest';
  readonly #target: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(targetPort: number) {
    this.#target = targetPort;
    this.#server = createServer((client) => this.#serve(client));
  }

  /** Its port, once it listens. */
  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  /** Changes what it does, for connections that are open already and for new ones. */
  become(mood: ProxyMood): void {
    this.mood = mood;
    if (mood === 'honest') this.#cut();
  }

  async stop(): Promise<void> {
    this.#cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(client: Socket): void {
    const server = connect(this.#target, '127.0.0.1');
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
    client.on('data', (request) => this.#send(client, server, request));
    server.on('data', (answer) => this.#answer(client, answer));
  }

  #send(client: Socket, server: Socket, request: Buffer): void {
    if (this.mood === 'speaking HTTP') client.write('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    else if (this.mood === 'speaking nonsense') client.write(randomBytes(64));
    else server.write(request);
  }

  #answer(client: Socket, answer: Buffer): void {
    if (this.mood === 'slow') setTimeout(() => client.writable && client.write(answer), SLOW_MS);
    else client.write(answer);
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }
}
