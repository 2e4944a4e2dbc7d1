import type { GracefulShutdown } from '../core/graceful-shutdown.js';
import { pause } from '../core/pause.js';
import { InvalidationBus, type PublishedWhen } from '../store/invalidation-bus.js';
import type { RedisConnection } from './redis-connection.js';
import type { StreamEntry } from './stream-entries.js';
import { PollingReader, WaitingReader, type Position, type StreamReader } from './stream-readers.js';

type InvalidationListener = (message: string, when: PublishedWhen) => void;

const MAX_MESSAGES = 10_000;
const RETENTION_MS = 24 * 3_600_000;
const TRY_AGAIN_AFTER_MS = 1_000;
// Redis tells when a message came by its own clock. To hear of something once more does no harm.
const CLOCKS_APART_MS = 60_000;

/**
 * InvalidationBus in a stream of Redis, where a process that was cut off finds what it missed. A stream keeps the latest
 * ten thousand messages, and goes a day after the last.
 */
export class RedisInvalidationBus extends InvalidationBus {
  readonly #redis: RedisConnection;
  readonly #startedMs = Date.now();
  readonly #readers = new Set<StreamReader>();
  #isOver = false;

  /** @param shutdown closes its connections at the end. */
  constructor(redis: RedisConnection, shutdown: Pick<GracefulShutdown, 'add'>) {
    super();
    this.#redis = redis;
    shutdown.add({ close: () => this.close() });
  }

  override async publish(channel: string, message: string): Promise<void> {
    const client = this.#redis.client();
    const key = this.#keyOf(channel);
    // Sent at once: one trip, and in this order.
    await Promise.all([client.xAdd(key, message, MAX_MESSAGES), client.pExpire(key, RETENTION_MS)]);
  }

  override subscribe(channel: string, listener: InvalidationListener): void {
    void this.#follow({ key: this.#keyOf(channel), id: '0-0' }, listener);
  }

  /** Ends all its connections. */
  close(): void {
    this.#isOver = true;
    for (const reader of this.#readers) reader.end();
  }

  async #follow(position: Position, listener: InvalidationListener): Promise<void> {
    const reader = this.#readerOf();
    this.#readers.add(reader);
    while (!this.#isOver) {
      try {
        for (const entry of await reader.next(position)) {
          position.id = entry.id;
          this.#deliver(entry, listener);
        }
      } catch {
        // Not held open for this: a process that is done must be able to end.
        await pause(TRY_AGAIN_AFTER_MS, { ref: false });
      }
    }
  }

  #readerOf(): StreamReader {
    const own = this.#redis.another();
    return own === undefined ? new PollingReader(this.#redis) : new WaitingReader(own);
  }

  #deliver({ id, message }: StreamEntry, listener: InvalidationListener): void {
    if (message === undefined) return;
    const [publishedMs = ''] = id.split('-');
    listener(message, Number(publishedMs) < this.#startedMs - CLOCKS_APART_MS ? 'earlier' : 'now');
  }

  #keyOf(channel: string): string {
    return this.#redis.keyOf(channel, ':invalidations');
  }
}
