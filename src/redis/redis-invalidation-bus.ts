import type { GracefulShutdown } from '../core/concurrency/graceful-shutdown.js';
import { pause } from '../core/concurrency/pause.js';
import { withTimeout } from '../core/concurrency/with-timeout.js';
import { InvalidationBus, type PublishedWhen } from '../store/invalidation-bus.js';
import type { RedisClient } from './redis-client.js';
import type { RedisConnection } from './redis-connection.js';
import { isBefore, lastIdIn, STREAM_START, type StreamEntry } from './stream-entries.js';
import { PollingReader, WaitingReader, type Position, type StreamReader } from './stream-readers.js';

type InvalidationListener = (message: string, when: PublishedWhen) => void;

const MAX_MESSAGES = 10_000;
const RETENTION_MS = 24 * 3_600_000;
const TRY_AGAIN_AFTER_MS = 1_000;
const CHECK_EVERY_MS = 30_000;
const ANSWER_MS = 5_000;

// Only where a message cannot be added: others may have begun a new stream meanwhile.
const ADD_TO_NEW = `
local added = redis.pcall('XADD', KEYS[1], '*', 'message', ARGV[1])
if type(added) == 'table' and added.err then
  redis.call('DEL', KEYS[1])
  redis.call('XADD', KEYS[1], '*', 'message', ARGV[1])
end
return 1`;

const isExhausted = (error: unknown): boolean =>
  error instanceof Error && /equal or smaller|exhausted/.test(error.message);

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
    await Promise.all([this.#add(client, key, message), client.pExpire(key, RETENTION_MS)]);
  }

  async #add(client: RedisClient, key: string, message: string): Promise<void> {
    try {
      await client.xAdd(key, message, MAX_MESSAGES);
    } catch (error) {
      // A message with the highest possible id was added: no other one can follow it.
      if (!isExhausted(error)) throw error;
      await client.eval(ADD_TO_NEW, { keys: [key], arguments: [message] });
    }
  }

  override subscribe(channel: string, listener: InvalidationListener): void {
    void this.#follow({ key: this.#keyOf(channel), id: STREAM_START }, listener);
  }

  /** Ends all its connections. */
  close(): void {
    this.#isOver = true;
    for (const reader of this.#readers) reader.end();
  }

  async #follow(position: Position, listener: InvalidationListener): Promise<void> {
    const reader = this.#readerOf();
    this.#readers.add(reader);
    let checkAtMs = performance.now() + CHECK_EVERY_MS;
    while (!this.#isOver) {
      try {
        if (performance.now() >= checkAtMs) {
          await this.#startAgainWhereNeeded(position);
          checkAtMs = performance.now() + CHECK_EVERY_MS;
        }
        for (const entry of await reader.next(position)) {
          position.id = entry.id;
          this.#deliver(entry, listener);
        }
      } catch {
        // Whatever came between may have been another server.
        checkAtMs = 0;
        // Not held open for this: a process that is done must be able to end.
        await pause(TRY_AGAIN_AFTER_MS, { ref: false });
      }
    }
  }

  // A stream that was deleted, or a server that had not all of it, counts from an earlier id: nothing new would be found
  // behind the position. What is read again does no harm.
  async #startAgainWhereNeeded(position: Position): Promise<void> {
    const check = async (): Promise<string> => lastIdIn(await this.#redis.client().xLastId(position.key));
    const lastId = await withTimeout(ANSWER_MS, check).catch(() => position.id);
    if (isBefore(lastId, position.id)) position.id = STREAM_START;
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
