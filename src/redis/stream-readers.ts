import { pause } from '../core/concurrency/pause.js';
import { TimeoutError, withTimeout } from '../core/concurrency/with-timeout.js';
import type { RedisClient } from './redis-client.js';
import { RedisAway, type RedisConnection } from './redis-connection.js';
import { entriesIn, type StreamEntry } from './stream-entries.js';

/** How far a stream has been read. */
export interface Position {
  readonly key: string;
  id: string;
}

/** Reads a stream from a position on. */
export interface StreamReader {
  /** What came after a position, once something has or a while has passed. Fails when Redis cannot be asked. */
  next(position: Position): Promise<readonly StreamEntry[]>;
  end(): void;
}

const BLOCK_MS = 30_000;
const ANSWER_MS = 5_000;
const AT_ONCE = 100;
const POLL_MS = 500;

/** Waits for messages on a connection of its own: nothing else could be sent by it meanwhile. */
export class WaitingReader implements StreamReader {
  readonly #client: RedisClient;

  constructor(client: RedisClient) {
    this.#client = client;
  }

  async next(position: Position): Promise<readonly StreamEntry[]> {
    if (!this.#client.isOpen) await this.#client.connect();
    // A command that waits for the connection would wait in front of the next one.
    if (this.#client.isReady === false) throw new RedisAway();
    try {
      // What is there already is read by a script, which leaves out what is too long.
      const present = await withTimeout(ANSWER_MS, () => this.#client.xRead(position, AT_ONCE));
      if (entriesIn(present).length > 0) return entriesIn(present);
      return entriesIn(await withTimeout(BLOCK_MS + ANSWER_MS, () => this.#client.xWait(position, BLOCK_MS)));
    } catch (error) {
      // A connection may be dead without anything having noticed: then not even "nothing new" comes.
      if (error instanceof TimeoutError) this.end();
      throw error;
    }
  }

  end(): void {
    this.#client.end();
  }
}

/** Looks for messages twice a second on the connection that everything shares: sentinels and clusters have no other. */
export class PollingReader implements StreamReader {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async next(position: Position): Promise<readonly StreamEntry[]> {
    const read = (): Promise<unknown> => this.#redis.client().xRead(position, AT_ONCE);
    const entries = entriesIn(await withTimeout(ANSWER_MS, read));
    if (entries.length === 0) await pause(POLL_MS, { ref: false });
    return entries;
  }

  end(): void {
    // The connection is not its own.
  }
}
