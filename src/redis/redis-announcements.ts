import { setTimeout as pause } from 'node:timers/promises';

import type { OnModuleDestroy } from '@nestjs/common';

import { Announcements, type AnnouncedWhen } from '../store/announcements.js';
import type { RedisClient } from './redis-client.js';
import type { RedisConnection } from './redis-connection.js';
import { entriesIn, type StreamEntry } from './stream-entries.js';

type Hear = (message: string, when: AnnouncedWhen) => void;

const MAX_MESSAGES = 10_000;
const KEPT_FOR_MS = 24 * 3_600_000;
const WAIT_MS = 30_000;
const AT_ONCE = 100;
const TRY_AGAIN_AFTER_MS = 1_000;

/**
 * Announcements in a stream of Redis, where a process that was cut off finds what it missed. A stream keeps the latest
 * ten thousand messages, and goes a day after the last.
 */
export class RedisAnnouncements extends Announcements implements OnModuleDestroy {
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
    await client.pExpire(key, KEPT_FOR_MS);
  }

  override subscribe(channel: string, hear: Hear): void {
    void this.#follow(this.#keyOf(channel), hear);
  }

  onModuleDestroy(): void {
    this.#isOver = true;
    for (const reader of this.#readers) reader.destroy();
  }

  // A connection of its own: the reading waits, and nothing else could be sent meanwhile.
  async #follow(key: string, hear: Hear): Promise<void> {
    const reader = this.#redis.another();
    this.#readers.add(reader);
    let last = '0-0';
    while (!this.#isOver) {
      try {
        if (!reader.isOpen) await reader.connect();
        for (const entry of await readOn(reader, key, last)) {
          last = entry.id;
          this.#deliver(entry, hear);
        }
      } catch {
        // Not held open for this: a process that is done must be able to end.
        await pause(TRY_AGAIN_AFTER_MS, undefined, { ref: false });
      }
    }
  }

  #deliver({ id, message }: StreamEntry, hear: Hear): void {
    const [publishedMs = ''] = id.split('-');
    hear(message, Number(publishedMs) < this.#startedMs ? 'earlier' : 'now');
  }

  #keyOf(channel: string): string {
    return this.#redis.keyOf(channel, ':news');
  }
}

const readOn = async (reader: RedisClient, key: string, id: string): Promise<readonly StreamEntry[]> =>
  entriesIn(await reader.xRead({ key, id }, { BLOCK: WAIT_MS, COUNT: AT_ONCE }));
