import { failureReason } from '../core/failure-reason.js';
import type { RedisAdapter } from './redis-adapter.js';
import type { RedisClient } from './redis-client.js';

/** A connection that never waits: while Redis is unreachable every use fails at once, and nothing is sent late. */
export class RedisConnection {
  readonly #adapter: RedisAdapter;
  readonly #namespace: string | undefined;
  #opening: Promise<unknown> | undefined;
  #isClosed = false;
  #lastFailure: string | undefined;

  constructor(adapter: RedisAdapter, namespace: string | undefined) {
    this.#adapter = adapter;
    this.#namespace = namespace;
    adapter.client.on('error', (error) => this.#note(error));
  }

  /**
   * The client, able to send now. Connects unless that has begun.
   *
   * @throws {@link RedisAway} otherwise.
   */
  client(): RedisClient {
    const { client } = this.#adapter;
    if (client.isOpen && client.isReady !== false && !this.#isClosed) return client;
    void this.open();
    throw new RedisAway(this.#lastFailure);
  }

  /** Connects if need be. Never rejects. */
  open(): Promise<unknown> {
    const { client } = this.#adapter;
    if (this.#isClosed || (client.isOpen && client.isReady !== false)) return Promise.resolve(this.#opening);
    // Not by the adapter, which begins to listen to its client once more each time.
    this.#opening ??= client
      .connect()
      .catch((error: unknown) => this.#note(error))
      .finally(() => {
        this.#opening = undefined;
      });
    return this.#opening;
  }

  /**
   * A client of its own, for commands that wait; it is the caller's to connect and end. `undefined` where there can be
   * none: sentinels and clusters lead every command by connections that all share.
   */
  another(): RedisClient | undefined {
    const client = this.#adapter.client.another();
    // What fails, fails where it is awaited; without a listener Node would end the process.
    client?.on('error', () => undefined);
    return client;
  }

  /** Does not connect any more. Nest disconnects the adapter. */
  close(): void {
    this.#isClosed = true;
  }

  #note(error: unknown): void {
    this.#lastFailure = failureReason(error);
  }

  /** How an entry is named in Redis: in the namespace of the Keyv, and in a cluster with everything that begins alike. */
  keyOf(entry: string, part = ''): string {
    return this.#adapter.keyIn(this.#namespace, `{${entry}}${part}`);
  }
}

/** Redis cannot be reached now. */
export class RedisAway extends Error {
  override readonly name = 'RedisAway';
  /** Why the connection failed last, such as `ECONNREFUSED` or `WRONGPASS`. */
  readonly code: string | undefined;

  constructor(code?: string, options?: ErrorOptions) {
    super('Redis cannot be asked now.', options);
    this.code = code;
  }

  /** The same as words: without a code, it has not answered yet. */
  get reason(): string {
    return this.code ?? 'no answer yet';
  }
}
