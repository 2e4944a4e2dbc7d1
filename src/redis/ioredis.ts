import type { RedisWire } from './redis-client.js';

/** What is used of the clients of ioredis and of iovalkey, which `@keyv/valkey` has. */
export interface Ioredis {
  /** Such as `wait`, `connecting`, `ready`, `reconnecting` or `end`. */
  readonly status: string;
  /** Only clusters have this. */
  readonly isCluster?: boolean;
  call(command: string, ...parameters: string[]): Promise<unknown>;
  connect(): Promise<unknown>;
  /** Ends the connection at once. */
  disconnect(): void;
  duplicate(changes: { readonly lazyConnect: true }): Ioredis;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  once(event: 'ready', listener: () => void): unknown;
}

/** Whether an object is a client of ioredis or iovalkey. */
export const isIoredis = (client: unknown): client is Ioredis =>
  typeof client === 'object' && client !== null && 'call' in client && 'status' in client && 'duplicate' in client;

const NOT_OPEN: readonly string[] = ['wait', 'close', 'end'];

/** Sends by a client of ioredis: one server, sentinels or a cluster. */
export class IoredisWire implements RedisWire {
  readonly #client: Ioredis;

  constructor(client: Ioredis) {
    this.#client = client;
  }

  get isOpen(): boolean {
    return !NOT_OPEN.includes(this.#client.status);
  }

  get isReady(): boolean {
    return this.#client.status === 'ready';
  }

  send(_key: string, [command = '', ...parameters]: readonly string[]): Promise<unknown> {
    return this.#client.call(command, ...parameters);
  }

  // Unless told otherwise, clients of ioredis connect by themselves.
  connect(): Promise<unknown> {
    if (!this.isOpen) return this.#client.connect();
    return this.isReady ? Promise.resolve() : new Promise((resolve) => this.#client.once('ready', () => resolve(true)));
  }

  end(): void {
    this.#client.disconnect();
  }

  onError(listener: (error: unknown) => void): void {
    this.#client.on('error', listener);
  }

  another(): IoredisWire | undefined {
    if (this.#client.isCluster === true) return undefined;
    return new IoredisWire(this.#client.duplicate({ lazyConnect: true }));
  }
}
