import { createServer, request, Agent as HttpAgent, type Server } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions } from 'node:https';
import { connect, Socket, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';

/** An egress proxy that tunnels (CONNECT), and notes where to. */
export class TunnelProxy {
  readonly targets: string[] = [];
  readonly #server: Server = createServer((_request, response) => response.writeHead(405).end());
  readonly #sockets = new Set<Socket>();

  static async start(): Promise<TunnelProxy> {
    const proxy = new TunnelProxy();
    proxy.#server.on('connect', ({ url = '' }, client: Socket) => proxy.#tunnel(url, client));
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Agents that go through it, made as those of the usual packages. */
  agents(tls: AgentOptions = {}): { readonly http: HttpAgent; readonly https: HttpAgent } {
    return { http: new TunnelHttpAgent(this.port), https: new TunnelHttpsAgent(this.port, tls) };
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #tunnel(target: string, client: Socket): void {
    this.targets.push(target);
    const { hostname, port } = new URL(`http://${target}`);
    const server = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      server.pipe(client).pipe(server);
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
  }
}

type Opened = (error: Error | null, socket: Duplex) => void;

interface Target {
  readonly host?: string | null | undefined;
  readonly port?: number | string | null | undefined;
}

function openTunnel(proxyPort: number, { host, port }: Target, opened: Opened): void {
  const path = `${String(host)}:${String(port)}`;
  request({ port: proxyPort, host: '127.0.0.1', method: 'CONNECT', path, agent: false })
    .on('connect', (_response, socket: Socket) => opened(null, socket))
    .on('error', (error) => opened(error, new Socket()))
    .end();
}

class TunnelHttpAgent extends HttpAgent {
  readonly #proxyPort: number;

  constructor(proxyPort: number) {
    super({ keepAlive: true });
    this.#proxyPort = proxyPort;
  }

  override createConnection(target: Target, opened: Opened = () => undefined): undefined {
    openTunnel(this.#proxyPort, target, opened);
  }
}

class TunnelHttpsAgent extends HttpsAgent {
  readonly #proxyPort: number;
  readonly #tls: AgentOptions;

  constructor(proxyPort: number, tls: AgentOptions) {
    super({ keepAlive: true });
    this.#proxyPort = proxyPort;
    this.#tls = tls;
  }

  override createConnection(target: Target, opened: Opened = () => undefined): undefined {
    const servername = String(target.host);
    openTunnel(this.#proxyPort, target, (error, socket) =>
      opened(error, error === null ? connectTls({ ...this.#tls, socket, servername }) : socket),
    );
  }
}
