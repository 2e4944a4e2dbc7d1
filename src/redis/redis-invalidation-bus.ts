import type { OnModuleDestroy } from '@nestjs/common';

import { withTimeout, TimeoutError } from '../core/with-timeout.js';
import { pause } from '../core/pause.js';
import { InvalidationBus, type PublishedWhen } from '../store/invalidation-bus.js';
import { end, type RedisClient } from './redis-client.js';
import { RedisAway, type RedisConnection } from './redis-connection.js';
import { entriesIn, type StreamEntry } from './stream-entries.js';

type InvalidationListener = (message: string, when: PublishedWhen) => void;

const MAX_MESSAGES = 10_000;
const RETENTION_MS = 24 * 3_600_000;
const WAIT_MS = 30_000;
const ANSWER_MS = 5_000;
const AT_ONCE = 100;
const TRY_AGAIN_AFTER_MS = 1_000;
// Redis tells when a message came by its own clock. To hear of something once more does no harm.
const CLOCKS_APART_MS = 60_000;

/**
 * InvalidationBus in a stream of Redis, where a process that was cut off finds what it missed. A stream keeps the latest
 * ten thousand messages, and goes a day after the last.
 */
export class RedisInvalidationBus extends InvalidationBus implements OnModuleDestroy {
  readonly #redis: RedisConnection;
  readonly #startedMs = Date.now();
  readonly #readers = new Set<RedisClient>();
  #isOver = false;

  constructor(redis: RedisConnection) {
    super();
    this.#redis = redis;
  }

  override async publish(channel: string, message: string): Promise<void> {
    const client = this.#redis.client();
    const key = this.#keyOf(channel);
    await client.xAdd(
      key,
      '*',
      { message },
      { TRIM: { strategy: 'MAXLEN', strategyModifier: '~', threshold: MAX_MESSAGES } },
    );
    await client.pExpire(key, RETENTION_MS);
  }

  override subscribe(channel: string, listener: InvalidationListener): void {
    // A client that cannot be had twice leaves its app without news, not without a process.
    this.#follow({ key: this.#keyOf(channel), id: '0-0' }, listener).catch(() => undefined);
  }

  onModuleDestroy(): void {
    this.#isOver = true;
    for (const reader of this.#readers) end(reader);
  }

  // A connection of its own: the reading waits, and nothing else could be sent meanwhile.
  async #follow(position: Position, listener: InvalidationListener): Promise<void> {
    const reader = this.#redis.another();
    this.#readers.add(reader);
    while (!this.#isOver) {
      try {
        await this.#readOn(reader, position, listener);
      } catch (error) {
        // A connection may be dead without anybody having noticed: then not even "nothing new" comes.
        if (error instanceof TimeoutError) end(reader);
        // Not held open for this: a process that is done must be able to end.
        await pause(TRY_AGAIN_AFTER_MS, { ref: false });
      }
    }
  }

  async #readOn(reader: RedisClient, position: Position, listener: InvalidationListener): Promise<void> {
    if (!reader.isOpen) await reader.connect();
    // A command that waits for the connection would wait in front of the next one.
    if (reader.isReady === false) throw new RedisAway();
    for (const entry of await nextEntries(reader, position)) {
      position.id = entry.id;
      this.#deliver(entry, listener);
    }
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

interface Position {
  readonly key: string;
  id: string;
}

const nextEntries = (reader: RedisClient, { key, id }: Position): Promise<readonly StreamEntry[]> =>
  withTimeout(WAIT_MS + ANSWER_MS, async () =>
    entriesIn(await reader.xRead({ key, id }, { BLOCK: WAIT_MS, COUNT: AT_ONCE })),
  );
