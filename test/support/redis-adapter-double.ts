import { jest } from '@jest/globals';

import type { RedisAdapter, RedisClient } from '../../src/redis/redis-client.js';

/** A client of node-redis as a test wants it: what is not given does nothing. */
export const redisClient = (changes: Partial<Record<keyof RedisClient, unknown>> = {}): RedisClient =>
  ({
    isOpen: true,
    isReady: true,
    get: jest.fn(() => Promise.resolve(null)),
    connect: jest.fn(() => Promise.resolve()),
    destroy: jest.fn(),
    on: jest.fn(),
    ...changes,
  }) as unknown as RedisClient;

/** An adapter around it, as `@keyv/redis` is one. */
export const redisAdapter = (client: RedisClient): RedisAdapter => ({
  client,
  disconnect: jest.fn(() => Promise.resolve()),
  createKeyPrefix: (key, namespace) => (namespace === undefined ? key : `${namespace}::${key}`),
});
