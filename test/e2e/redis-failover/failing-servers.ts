import KeyvValkey from '@keyv/valkey';
import type { Cluster, Redis } from 'ioredis';
import { Keyv } from 'keyv';

import { RedisClusterServers } from '../../support/redis-cluster.js';
import { RedisSentinelServers } from '../../support/redis-sentinel.js';
import type { RedisServer } from '../../support/redis-server.js';
import type { FailingClient, FailingServers } from './two-processes.js';

/** A client of a master that a sentinel watches. */
export const bySentinel =
  (keyvOf: (watched: RedisSentinelServers['watched']) => Keyv): FailingClient[1] =>
  async () => {
    const servers = await RedisSentinelServers.start();
    return { servers, keyvOf: () => keyvOf(servers.watched) };
  };

/** A client of three masters, of which the one that is used gets a replica. */
export const inCluster =
  (keyvOf: (nodes: RedisClusterServers['nodes']) => Keyv): FailingClient[1] =>
  async () => {
    const cluster = await RedisClusterServers.start();
    return { servers: failing(cluster), keyvOf: () => keyvOf(cluster.nodes) };
  };

/** A Keyv around a client of ioredis. */
export const keyvAround = (client: Redis | Cluster): Keyv => new Keyv({ store: new KeyvValkey(client as never) });

function failing(cluster: RedisClusterServers): FailingServers {
  let used: RedisServer | undefined;
  return {
    prepare: async () => {
      used = await cluster.masterWithKeys();
      await cluster.addReplicaOf(used);
    },
    loseMaster: async () => used?.kill(),
    stop: () => cluster.stop(),
  };
}
