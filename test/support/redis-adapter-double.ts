import { jest } from '@jest/globals';

import { redisAdapterOf, type RedisAdapter } from '../../src/redis/redis-adapter.js';

/** A client of node-redis as a test wants it: what is not given does nothing. */
export const redisClient = (changes: Readonly<Record<string, unknown>> = {}) => ({
  isOpen: true,
  isReady: true as boolean | undefined,
  sendCommand: jest.fn((): Promise<unknown> => Promise.resolve(null)),
  connect: jest.fn(() => Promise.resolve()),
  destroy: jest.fn(),
  duplicate: jest.fn(),
  unref: jest.fn(),
  on: jest.fn(),
  ...changes,
});

/** `@keyv/redis` around it. */
export const keyvRedis = (client = redisClient()) => ({
  client,
  disconnect: jest.fn(() => Promise.resolve()),
  createKeyPrefix: (key: string, namespace?: string) => (namespace === undefined ? key : `${namespace}::${key}`),
});

/** The adapter that is made of it. */
export function redisAdapter(client = redisClient()): RedisAdapter {
  const adapter = redisAdapterOf(keyvRedis(client));
  if (adapter === undefined) throw new Error('An adapter of Redis is one.');
  return adapter;
}
