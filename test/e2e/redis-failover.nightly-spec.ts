import { Redis } from 'ioredis';

import { bySentinel, keyvAround } from './redis-failover/failing-servers.js';
import { testFailover } from './redis-failover/two-processes.js';

// It sends again what the lost master did not answer: claims made by that end after half a minute.
describe('Two processes under load that lose the master they use', () => {
  testFailover([
    ['ioredis by a sentinel', bySentinel(({ name, ...node }) => keyvAround(new Redis({ name, sentinels: [node] })))],
  ]);
});
