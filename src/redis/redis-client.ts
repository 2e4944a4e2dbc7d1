/** What is used of the clients of node-redis: one server, a cluster or sentinels. */
export interface RedisClient {
  readonly isOpen: boolean;
  /** Whether a command would be sent at once. Clusters do not tell. */
  readonly isReady?: boolean;
  get(key: string): Promise<unknown>;
  /** `PX`: milliseconds to live. */
  set(key: string, value: string, options: { readonly PX: number }): Promise<unknown>;
  del(key: string): Promise<unknown>;
  eval(script: string, options: { readonly keys: string[]; readonly arguments: string[] }): Promise<unknown>;
  xAdd(key: string, id: '*', fields: Record<string, string>, options: StreamBound): Promise<unknown>;
  xRead(stream: StreamPosition, options: { readonly BLOCK: number; readonly COUNT: number }): Promise<unknown>;
  pExpire(key: string, ms: number): Promise<unknown>;
  /** Another client for the same server, set up the same but for some options. */
  duplicate(changes: ReaderOptions): RedisClient;
  connect(): Promise<unknown>;
  destroy(): unknown;
  /** Lets the process end although there is a connection. Only clients of one server can. */
  unref?(): void;
  on(event: 'error', listener: (error: unknown) => void): unknown;
}

/** The older protocol, which gives all answers one shape, without what only the newer one has. */
interface ReaderOptions {
  readonly RESP: 2;
  readonly clientSideCache: undefined;
  readonly emitInvalidate: false;
  readonly maintNotifications: 'disabled';
}

interface StreamBound {
  readonly TRIM: { readonly strategy: 'MAXLEN'; readonly strategyModifier: '~'; readonly threshold: number };
}

interface StreamPosition {
  readonly key: string;
  readonly id: string;
}

/** What is used of `@keyv/redis`, the adapter between Keyv and node-redis. */
export interface RedisAdapter {
  readonly client: RedisClient;
  /** Ends the connection: at once, or when all commands are answered. */
  disconnect(force?: boolean): Promise<void>;
  /** How a key is named in a namespace. */
  createKeyPrefix(key: string, namespace?: string): string;
}

/** Ends a connection at once, whether or not there is one. */
export function end(client: RedisClient): void {
  // One that is just being made is made all the same.
  client.unref?.();
  if (client.isOpen) client.destroy();
}

/** Whether what is behind a Keyv is `@keyv/redis`. */
export const isRedisAdapter = (store: unknown): store is RedisAdapter =>
  typeof store === 'object' &&
  store !== null &&
  'client' in store &&
  'disconnect' in store &&
  'createKeyPrefix' in store;
