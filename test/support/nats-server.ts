import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { kill } from './compiled.js';
import { freePort } from './free-port.js';

/** A NATS server of its own, on a free port of this machine. */
export class NatsServer {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(url: string, server: ChildProcess) {
    this.url = url;
    this.#process = server;
  }

  /**
   * Starts a server that answers.
   *
   * @throws when there is no nats-server on the PATH: tests that need one must not pass without it.
   */
  static async start(): Promise<NatsServer> {
    const port = await freePort();
    const server = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(port)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await once(server, 'spawn').catch((cause: unknown) => {
      throw new Error('This test needs nats-server on the PATH. On Debian: sudo apt-get install nats-server', {
        cause,
      });
    });
    for await (const line of server.stderr) if (String(line).includes('Server is ready')) break;
    return new NatsServer(`nats://127.0.0.1:${port}`, server);
  }

  /** Ends it. */
  async stop(): Promise<void> {
    await kill(this.#process);
  }
}
