import { IoredisWire, isIoredis } from './ioredis.js';
import { NodeRedisWire } from './node-redis.js';
import { RedisClient } from './redis-client.js';

/** Where a Keyv keeps its entries, if that is Redis: `@keyv/redis`, `@keyv/valkey`, or one made like these. */
export interface RedisAdapter {
  readonly client: RedisClient;
  /** Ends the connection: at once, or when all commands are answered. */
  disconnect(force?: boolean): Promise<void>;
  /** Makes every request to close the connection call this instead. */
  replaceDisconnect(disconnect: (force?: boolean) => Promise<void>): void;
  /** How a key is named in a namespace. */
  keyIn(namespace: string | undefined, key: string): string;
}

/** The Redis behind a Keyv; `undefined` when what it keeps its entries in is something else. */
export function redisAdapterOf(store: unknown): RedisAdapter | undefined {
  if (isKeyvRedis(store)) {
    const keyIn = (namespace: string | undefined, key: string) => store.createKeyPrefix(key, namespace);
    return adapterAround(store, new RedisClient(NodeRedisWire.of(store.client)), keyIn);
  }
  const ioredis = isObject(store) ? [store['redis'], store['client']].find(isIoredis) : undefined;
  if (ioredis === undefined || !canDisconnect(store)) return undefined;
  return adapterAround(store, new RedisClient(new IoredisWire(ioredis)), namespaced);
}

function adapterAround(store: Disconnecting, client: RedisClient, keyIn: RedisAdapter['keyIn']): RedisAdapter {
  const disconnect: (force?: boolean) => unknown = store.disconnect.bind(store);
  return {
    client,
    keyIn,
    disconnect: async (force) => {
      await disconnect(force);
    },
    replaceDisconnect: (replacement) => {
      store.disconnect = replacement;
    },
  };
}

const namespaced = (namespace: string | undefined, key: string): string =>
  namespace === undefined || namespace === '' ? key : `${namespace}:${key}`;

interface Disconnecting {
  disconnect(force?: boolean): unknown;
}

/** What is used of `@keyv/redis`, the adapter between Keyv and node-redis. */
interface KeyvRedis extends Disconnecting {
  readonly client: object;
  createKeyPrefix(key: string, namespace?: string): string;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const canDisconnect = (store: unknown): store is Disconnecting =>
  isObject(store) && typeof store['disconnect'] === 'function';

const isKeyvRedis = (store: unknown): store is KeyvRedis =>
  canDisconnect(store) && 'client' in store && 'createKeyPrefix' in store && isObject(store.client);
