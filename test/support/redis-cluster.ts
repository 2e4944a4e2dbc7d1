import { freePort } from './free-port.js';
import { RedisServer } from './redis-server.js';
import { untilTrue } from './until-true.js';

const LAST_SLOT = 16_383;
const MASTERS = 3;

/** A cluster of three masters, each a Redis of its own. */
export class RedisClusterServers {
  readonly masters: readonly RedisServer[];
  readonly #replicas: RedisServer[] = [];

  private constructor(masters: readonly RedisServer[]) {
    this.masters = masters;
  }

  static async start(): Promise<RedisClusterServers> {
    const masters: RedisServer[] = [];
    for (let count = 0; count < MASTERS; count += 1) {
      masters.push(await startNode());
    }
    const cluster = new RedisClusterServers(masters);
    await cluster.#join();
    return cluster;
  }

  /** The addresses, as clients want them. */
  get nodes(): readonly { readonly host: string; readonly port: number; readonly url: string }[] {
    return this.masters.map(({ port, url }) => ({ host: '127.0.0.1', port, url }));
  }

  /** The master that holds keys; the first of several. */
  async masterWithKeys(): Promise<RedisServer> {
    for (const master of this.masters) if (Number(await master.run('DBSIZE')) > 0) return master;
    throw new Error('No master of the cluster holds a key.');
  }

  /** Adds a replica that takes over when its master is gone, and has everything by now. */
  async addReplicaOf(master: RedisServer): Promise<void> {
    const replica = await startNode();
    this.#replicas.push(replica);
    await replica.run('CLUSTER', 'MEET', '127.0.0.1', String(master.port), await this.#busPortOf(master.port));
    const id = String(await master.run('CLUSTER', 'MYID'));
    await untilTrue(async () => String(await replica.run('CLUSTER', 'NODES')).includes(id));
    await replica.run('CLUSTER', 'REPLICATE', id);
    await untilTrue(async () => isLinked(await replica.run('INFO', 'replication')));
    const replicaId = String(await replica.run('CLUSTER', 'MYID'));
    for (const each of this.masters) {
      await untilTrue(async () => isReplica(String(await each.run('CLUSTER', 'NODES')), replicaId));
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.masters, ...this.#replicas].map((server) => server.stop()));
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

const startNode = async (): Promise<RedisServer> => {
  const port = ['--cluster-port', String(await freePort())];
  return RedisServer.start([
    '--repl-diskless-sync-delay',
    '0',
    '--cluster-enabled',
    'yes',
    '--cluster-node-timeout',
    '2000',
    ...port,
  ]);
};

const isLinked = (info: unknown): boolean => String(info).includes('master_link_status:up');

const isReplica = (nodes: string, id: string): boolean =>
  nodes.split('\n').some((line) => line.startsWith(id) && line.includes('slave'));

const isWhole = (info: unknown): boolean =>
  String(info).includes('cluster_state:ok') && String(info).includes(`cluster_known_nodes:${String(MASTERS)}`);
