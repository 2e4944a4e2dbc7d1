import type { RedisAdapter, RedisClient } from './redis-client.js';

/** A connection that never waits: while Redis is away every use fails at once, and nothing is sent late. */
export class RedisConnection {
  readonly #adapter: RedisAdapter;
  readonly #namespace: string | undefined;
  #opening: Promise<unknown> | undefined;
  #isClosed = false;

  constructor(adapter: RedisAdapter, namespace: string | undefined) {
    this.#adapter = adapter;
    this.#namespace = namespace;
  }

  /**
   * The client, able to send now. Begins to connect when nobody has.
   *
   * @throws {@link RedisAway} otherwise.
   */
  client(): RedisClient {
    const { client } = this.#adapter;
    if (client.isOpen && client.isReady !== false && !this.#isClosed) return client;
    void this.open();
    throw new RedisAway();
  }

  /** Connects if need be. Never rejects. */
  open(): Promise<unknown> {
    const { client } = this.#adapter;
    if (this.#isClosed || client.isOpen) return Promise.resolve(this.#opening);
    // Not by the adapter, which begins to listen to its client once more each time.
    this.#opening ??= client
      .connect()
      .catch(() => undefined)
      .finally(() => {
        this.#opening = undefined;
      });
    return this.#opening;
  }

  /** A client of its own, for commands that wait; it is the caller's to connect and destroy. */
  another(): RedisClient {
    const client = this.#adapter.client.duplicate({
      RESP: 2,
      clientSideCache: undefined,
      emitInvalidate: false,
      maintNotifications: 'disabled',
    });
    // What fails, fails where it is awaited; without a listener Node would end the process.
    client.on('error', () => undefined);
    return client;
  }

  /** Does not connect any more. Nest disconnects the adapter. */
  close(): void {
    this.#isClosed = true;
  }

  /** How an entry is named in Redis: in the namespace of the Keyv, and in a cluster with everything that begins alike. */
  keyOf(entry: string, part = ''): string {
    return this.#adapter.createKeyPrefix(`{${entry}}${part}`, this.#namespace);
  }
}

/** Redis cannot be asked now. */
export class RedisAway extends Error {
  override readonly name = 'RedisAway';
}
