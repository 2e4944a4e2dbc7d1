import { freePort } from './free-port.js';
import { RedisServer } from './redis-server.js';
import { untilTrue } from './until-true.js';

const LAST_SLOT = 16_383;
const MASTERS = 3;

/** A cluster of three masters, each a Redis of its own. */
export class RedisClusterServers {
  readonly masters: readonly RedisServer[];

  private constructor(masters: readonly RedisServer[]) {
    this.masters = masters;
  }

  static async start(): Promise<RedisClusterServers> {
    const masters: RedisServer[] = [];
    for (let count = 0; count < MASTERS; count += 1) {
      const port = ['--cluster-port', String(await freePort())];
      masters.push(await RedisServer.start(['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000', ...port]));
    }
    const cluster = new RedisClusterServers(masters);
    await cluster.#join();
    return cluster;
  }

  /** The addresses, as clients want them. */
  get nodes(): readonly { readonly host: string; readonly port: number; readonly url: string }[] {
    return this.masters.map(({ port, url }) => ({ host: '127.0.0.1', port, url }));
  }

  async stop(): Promise<void> {
    await Promise.all(this.masters.map((master) => master.stop()));
  }

  async #join(): Promise<void> {
    const [first, ...others] = this.masters;
    const share = Math.ceil(LAST_SLOT / MASTERS);
    for (const [index, master] of this.masters.entries()) {
      const [from, to] = [index * share, Math.min((index + 1) * share - 1, LAST_SLOT)];
      await master.run('CLUSTER', 'ADDSLOTSRANGE', String(from), String(index === MASTERS - 1 ? LAST_SLOT : to));
    }
    for (const { port } of others) {
      const bus = await this.#busPortOf(port);
      await first?.run('CLUSTER', 'MEET', '127.0.0.1', String(port), bus);
    }
    for (const master of this.masters) await untilTrue(async () => isWhole(await master.run('CLUSTER', 'INFO')));
  }

  async #busPortOf(port: number): Promise<string> {
    const master = this.masters.find((each) => each.port === port);
    const [, busPort = ''] = /@(\d+)/.exec(String(await master?.run('CLUSTER', 'NODES'))) ?? [];
    return busPort;
  }
}

const isWhole = (info: unknown): boolean =>
  String(info).includes('cluster_state:ok') && String(info).includes(`cluster_known_nodes:${String(MASTERS)}`);
