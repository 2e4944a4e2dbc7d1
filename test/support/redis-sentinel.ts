import { RedisServer } from './redis-server.js';
import { untilTrue } from './until-true.js';

const NAME = 'main';
const DOWN_AFTER_MS = 500;
const FAILOVER_TIMEOUT_MS = 2_000;

/** A master, its replica, and a sentinel that makes the replica the master when the master is gone. */
export class RedisSentinelServers {
  readonly #servers: readonly RedisServer[];
  readonly #master: RedisServer;
  readonly #sentinel: RedisServer;

  private constructor(master: RedisServer, replica: RedisServer, sentinel: RedisServer) {
    this.#servers = [master, replica, sentinel];
    this.#master = master;
    this.#sentinel = sentinel;
  }

  static async start(): Promise<RedisSentinelServers> {
    const master = await RedisServer.start(['--repl-diskless-sync-delay', '0']);
    const replica = await RedisServer.start(['--replicaof', '127.0.0.1', String(master.port)]);
    await untilTrue(async () => String(await replica.run('INFO', 'replication')).includes('master_link_status:up'));
    const sentinel = await RedisServer.start([
      '--sentinel',
      ...['--sentinel', 'monitor', NAME, '127.0.0.1', String(master.port), '1'],
      ...['--sentinel', 'down-after-milliseconds', NAME, String(DOWN_AFTER_MS)],
      ...['--sentinel', 'failover-timeout', NAME, String(FAILOVER_TIMEOUT_MS)],
    ]);
    const servers = new RedisSentinelServers(master, replica, sentinel);
    await untilTrue(async () => String(await sentinel.run('INFO', 'sentinel')).includes('slaves=1'));
    return servers;
  }

  /** What clients are told of them. */
  get watched(): { readonly name: string; readonly host: string; readonly port: number } {
    return { name: NAME, host: '127.0.0.1', port: this.#sentinel.port };
  }

  /** Ends the master as a crash would. */
  loseMaster(): Promise<void> {
    return this.#master.kill();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.stop()));
  }
}
