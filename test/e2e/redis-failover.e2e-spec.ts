import KeyvRedis from '@keyv/redis';
import { Cluster } from 'ioredis';
import { Keyv } from 'keyv';

import { bySentinel, inCluster, keyvAround } from './redis-failover/failing-servers.js';
import { testFailover } from './redis-failover/two-processes.js';

describe('Two processes under load that lose the master they use', () => {
  testFailover([
    [
      'node-redis in a cluster',
      inCluster((nodes) => new Keyv({ store: new KeyvRedis({ rootNodes: nodes.map(({ url }) => ({ url })) }) })),
    ],
    ['ioredis in a cluster', inCluster((nodes) => keyvAround(new Cluster([...nodes])))],
    [
      'node-redis by a sentinel',
      bySentinel(({ name, ...node }) => new Keyv({ store: new KeyvRedis({ name, sentinelRootNodes: [node] }) })),
    ],
  ]);
});
