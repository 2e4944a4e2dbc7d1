import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createClient } from '@keyv/redis';

import { kill } from './compiled.js';
import { freePort } from './free-port.js';
import { untilTrue } from './until-true.js';

const QUIETLY = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
const PORTS_TO_TRY = 5;
// What stands in the log when a server, or a sentinel, takes commands.
const READY = /Ready to accept connections|\+monitor master/;

/** A client of node-redis, connected. */
export type RawRedisClient = Awaited<ReturnType<typeof connectedTo>>;

/** A Redis of its own: on a free port of this machine, in a folder of its own, keeping nothing unless told to. */
export class RedisServer {
  readonly port: number;
  readonly url: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'redis-'));
  readonly #args: readonly string[];
  readonly #clients: RawRedisClient[] = [];
  #process: ChildProcess | undefined;

  private constructor(port: number, args: readonly string[]) {
    this.port = port;
    this.url = `redis://127.0.0.1:${port}`;
    this.#args = [...this.#configOf(args), '--port', String(port), '--dir', this.#folder, ...args];
  }

  // Sentinels write to their configuration, and keep nothing else.
  #configOf(args: readonly string[]): readonly string[] {
    if (!args.includes('--sentinel')) return QUIETLY;
    const file = join(this.#folder, 'sentinel.conf');
    writeFileSync(file, 'bind 127.0.0.1\n');
    return [file];
  }

  /**
   * Starts a server that answers.
   *
   * @param args more of its arguments, such as `['--maxmemory', '2mb']`.
   * @throws when there is no redis-server on the PATH: tests that need one must not pass without it.
   */
  static async start(args: readonly string[] = [], tries = PORTS_TO_TRY): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), args);
    try {
      await server.startAgain();
      return server;
    } catch (error) {
      await server.stop();
      // Another process may have taken the port in between.
      if (tries > 1 && error instanceof RedisNotStarted) return RedisServer.start(args, tries - 1);
      throw error;
    }
  }

  /** Runs a command by a connection of its own. */
  async run(...command: string[]): Promise<unknown> {
    const client = await connectedTo(this.url);
    try {
      return await client.sendCommand(command);
    } finally {
      client.destroy();
    }
  }

  /** Starts it again on the same port, after {@link kill}. */
  async startAgain(): Promise<void> {
    this.#process = spawn('redis-server', this.#args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await untilReady(this.#process);
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    if (this.#process?.pid !== undefined) await kill(this.#process);
  }

  /** Lets it hang: it takes connections and commands, and answers none. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  /** Lets it go on. */
  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  /** A client of its own, closed by {@link stop}. */
  async client(): Promise<RawRedisClient> {
    const client = await connectedTo(this.url);
    this.#clients.push(client);
    return client;
  }

  /** Ends it and leaves nothing behind. */
  async stop(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.destroy();
    await this.kill();
    // A child of it that writes a file outlives it for a moment, and retries of Node do not empty the folder again.
    await untilTrue(() => isRemoved(this.#folder));
  }
}

class RedisNotStarted extends Error {}

function isRemoved(folder: string): boolean {
  try {
    rmSync(folder, { recursive: true, force: true });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY') return false;
    throw error;
  }
}

async function connectedTo(url: string) {
  const client = createClient({ url });
  // What fails, fails where it is awaited.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function untilReady(server: ChildProcess): Promise<void> {
  // Rejects when there is no such program.
  await once(server, 'spawn').catch((cause: unknown) => {
    throw new Error('This test needs redis-server on the PATH. On Debian: sudo apt-get install redis-server', {
      cause,
    });
  });
  let log = '';
  await new Promise<void>((resolve, reject) => {
    server.stdout?.on('data', (text: Buffer) => {
      log += text.toString();
      if (READY.test(log)) resolve();
    });
    server.once('exit', () => reject(new RedisNotStarted(`redis-server ended at once.\n${log}`)));
  });
}
