import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** The benchmark's own redis-server, which persists nothing. */
export class RedisServer {
  readonly port: number;
  readonly #process: ChildProcess;

  private constructor(port: number, process: ChildProcess) {
    this.port = port;
    this.#process = process;
  }

  /** Starts one on a free port. */
  static async start(): Promise<RedisServer> {
    const port = await freePort();
    const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await ready(server);
    return new RedisServer(port, server);
  }

  get url(): string {
    return `redis://127.0.0.1:${String(this.port)}`;
  }

  stop(): void {
    this.#process.kill('SIGKILL');
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function ready({ stdout }: ChildProcess): Promise<void> {
  let log = '';
  for await (const text of stdout ?? []) {
    log += String(text);
    if (log.includes('Ready to accept connections')) return;
  }
  throw new Error(`redis-server did not start.\n${log}`);
}
