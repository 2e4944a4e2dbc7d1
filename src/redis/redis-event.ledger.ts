import { createHash } from 'node:crypto';

import { withTimeout, TimeoutError } from '../core/with-timeout.js';
import { EventLedger, type EventClaim } from '../store/event-ledger.js';
import type { RedisClient } from './redis-client.js';
import { RedisAway, type RedisConnection } from './redis-connection.js';

// Wix waits little more than this for its answer, and sends again when it is told that we cannot tell.
const TIMEOUT_MS = 1_000;

// Claimants are written as `by:…`, so that none is taken for this.
const DONE = 'done';

const CLAIM = `
local found = redis.call('GET', KEYS[1])
if found == '${DONE}' then return 'done' end
if found then return 'in-progress' end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 'claimed'`;

const RENEW = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 'OK'`;

const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 'OK'`;

/**
 * Remembers in Redis what became of each piece of work, for all processes of an app: one key each, in the time of the
 * server. Fails when Redis cannot be asked or does not answer within a second.
 */
export class RedisEventLedger extends EventLedger {
  readonly #connection: RedisConnection;
  readonly #app: string;

  /** @param app tells apart the apps, and the environments of one, that share a Redis; it cannot be read there. */
  constructor(connection: RedisConnection, app: string) {
    super();
    this.#connection = connection;
    this.#app = createHash('sha256').update(app).digest('base64url');
  }

  override async claim(key: string, claimant: string, leaseMs: number): Promise<EventClaim> {
    const answer = await this.#run(CLAIM, key, [by(claimant), milliseconds(leaseMs)]);
    if (!isClaim(answer)) throw new RedisAway();
    return answer;
  }

  override async renew(key: string, claimant: string, leaseMs: number): Promise<void> {
    await this.#run(RENEW, key, [by(claimant), milliseconds(leaseMs)]);
  }

  override async complete(key: string, keepMs: number): Promise<void> {
    await this.#send((client) => client.set(this.#keyOf(key), DONE, { PX: Math.ceil(keepMs) }));
  }

  override async release(key: string, claimant: string): Promise<void> {
    await this.#run(RELEASE, key, [by(claimant)]);
  }

  #run(script: string, key: string, parameters: string[]): Promise<unknown> {
    return this.#send((client) => client.eval(script, { keys: [this.#keyOf(key)], arguments: parameters }));
  }

  async #send(request: (client: RedisClient) => Promise<unknown>): Promise<unknown> {
    const client = this.#connection.client();
    try {
      return await withTimeout(TIMEOUT_MS, () => request(client));
    } catch (error) {
      throw error instanceof TimeoutError ? new RedisAway() : error;
    }
  }

  #keyOf(key: string): string {
    return this.#connection.keyOf(`wix-auth:events:${this.#app}:${key}`);
  }
}

const by = (claimant: string): string => `by:${claimant}`;

// Redis takes whole ones only.
const milliseconds = (ms: number): string => String(Math.ceil(ms));

const isClaim = (answer: unknown): answer is EventClaim =>
  answer === 'claimed' || answer === 'done' || answer === 'in-progress';
