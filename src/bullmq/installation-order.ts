import type { Queue } from 'bullmq';

const KEEP_MS = 7 * 24 * 3_600_000;

const JOIN = `
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2] or '0'
  redis.call('ZADD', KEYS[1], math.max(tonumber(last) + 1, tonumber(ARGV[2])), ARGV[1])
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return redis.call('ZRANGE', KEYS[1], 0, 0)[1]`;

const LEAVE = `
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('ZRANGE', KEYS[1], 0, 0)[1]`;

// The client knows scripts by name: a release of this library with other scripts needs other names.
const JOIN_NAME = 'wixAuthJoin1';
const LEAVE_NAME = 'wixAuthLeave1';

/** The first event of an installation, and since when it waits. */
export interface FirstEvent {
  readonly id: string;
  readonly joinedMs: number;
}

/** The order in which the events of each installation arrived, stored in Redis beside the jobs of a queue. */
export class InstallationOrder {
  readonly #queue: Queue;
  #client: Promise<Client> | undefined;

  constructor(queue: Queue) {
    this.#queue = queue;
  }

  /** Puts an event at the end, unless it is there already. @returns whether it is the first. */
  async join(group: string, id: string): Promise<boolean> {
    const first = await this.#run(JOIN_NAME, group, [id, String(Date.now()), String(KEEP_MS)]);
    return first === id;
  }

  /** Removes an event. @returns the one that is first from now on. */
  async leave(group: string, id: string): Promise<string | undefined> {
    const next = await this.#run(LEAVE_NAME, group, [id, String(KEEP_MS)]);
    return typeof next === 'string' ? next : undefined;
  }

  /** The first event of an installation; `undefined` where there is none. */
  async first(group: string): Promise<FirstEvent | undefined> {
    const client = await this.#ready();
    const [id, joinedMs] = await client.zrange(this.#keyOf(group), 0, 0, { WITHSCORES: true });
    return id === undefined ? undefined : { id, joinedMs: Number(joinedMs) };
  }

  /** Whether an event has a place. One without was handled, or Redis lost the order. */
  async has(group: string, id: string): Promise<boolean> {
    const client = await this.#ready();
    return (await client.zscore(this.#keyOf(group), id)) !== null;
  }

  async #run(name: string, group: string, parameters: readonly string[]): Promise<unknown> {
    const client = await this.#ready();
    return client.runCommand(name, [this.#keyOf(group), ...parameters]) as Promise<unknown>;
  }

  // No job has a colon in its id.
  #keyOf(group: string): string {
    return this.#queue.toKey(`wix-order:${group}`);
  }

  #ready(): Promise<Client> {
    this.#client ??= this.#prepared().catch((error: unknown) => {
      this.#client = undefined;
      throw error;
    });
    return this.#client;
  }

  async #prepared(): Promise<Client> {
    const client = await this.#queue.client;
    client.defineCommand(JOIN_NAME, { numberOfKeys: 1, lua: JOIN });
    client.defineCommand(LEAVE_NAME, { numberOfKeys: 1, lua: LEAVE });
    return client;
  }
}

type Client = Awaited<Queue['client']>;
