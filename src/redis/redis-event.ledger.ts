import type { AppCredentials } from '../core/app-credentials.js';
import { TimeoutError, withTimeout } from '../core/concurrency/with-timeout.js';
import { EventLedger, type EventClaim } from '../store/event-ledger.js';
import { claimedBy, DONE, LedgerSlot } from './ledger-slot.js';
import { READABLE, type RedisClient } from './redis-client.js';
import { RedisAway, type RedisConnection } from './redis-connection.js';

// Wix waits little more than this for its answer, and sends again when it is told that we cannot tell.
const TIMEOUT_MS = 1_000;

const TAKE = `
local found = ${READABLE} and redis.call('GET', KEYS[1])
if found then return found end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

const REPLACE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

const RENEW = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 1`;

const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;

/**
 * Remembers in Redis what became of each piece of work, for all processes of an app: one entry each, encrypted, in the
 * time of the server. While a secret is rotated there is one entry for each secret, so that processes which know one of
 * them only agree. Fails when Redis cannot be asked or does not answer within a second.
 */
export class RedisEventLedger extends EventLedger {
  readonly #connection: RedisConnection;
  readonly #app: AppCredentials;
  readonly #name: string;

  constructor(connection: RedisConnection, app: AppCredentials, apiUrl: string) {
    super();
    this.#connection = connection;
    this.#app = app;
    this.#name = JSON.stringify([apiUrl, app.appId]);
  }

  override claim(key: string, claimant: string, leaseMs: number): Promise<EventClaim> {
    return this.#inTime(async (client) => {
      const taken: LedgerSlot[] = [];
      for (const slot of this.#slots(key)) {
        const claim = await this.#take(client, slot, claimedBy(claimant), leaseMs);
        if (claim !== 'claimed') {
          await Promise.all(taken.map((other) => this.#ifHeld(client, other, claimant, RELEASE)));
          return claim;
        }
        taken.push(slot);
      }
      return 'claimed';
    });
  }

  override async renew(key: string, claimant: string, leaseMs: number): Promise<void> {
    await this.#inTime((client) => this.#onEach(key, (slot) => this.#ifHeld(client, slot, claimant, RENEW, leaseMs)));
  }

  override async complete(key: string, keepMs: number): Promise<void> {
    const options = { PX: Math.ceil(keepMs) };
    await this.#inTime((client) =>
      this.#onEach(key, (slot) => client.set(this.#connection.keyOf(slot.name), slot.seal(DONE), options)),
    );
  }

  override async release(key: string, claimant: string): Promise<void> {
    await this.#inTime((client) => this.#onEach(key, (slot) => this.#ifHeld(client, slot, claimant, RELEASE)));
  }

  async #take(client: RedisClient, slot: LedgerSlot, state: string, leaseMs: number): Promise<EventClaim> {
    const entry = slot.seal(state);
    const found = await this.#run(client, TAKE, slot, [entry, milliseconds(leaseMs)]);
    if (found === 1) return 'claimed';
    if (typeof found !== 'string') throw new RedisAway();
    const present = slot.open(found);
    if (present !== undefined) return present === DONE ? 'done' : 'in-progress';
    // Not written by a process of this app: it says nothing about the work.
    const replaced = await this.#run(client, REPLACE, slot, [found, entry, milliseconds(leaseMs)]);
    if (replaced !== 0 && replaced !== 1) throw new RedisAway();
    return replaced === 1 ? 'claimed' : 'in-progress';
  }

  // What is encrypted anew each time cannot be compared in Redis: the claim is read here, and changed if it is the same.
  async #ifHeld(
    client: RedisClient,
    slot: LedgerSlot,
    claimant: string,
    script: string,
    leaseMs?: number,
  ): Promise<void> {
    const entry = await client.get(this.#connection.keyOf(slot.name));
    if (entry === undefined || slot.open(entry) !== claimedBy(claimant)) return;
    await this.#run(client, script, slot, [entry, ...(leaseMs === undefined ? [] : [milliseconds(leaseMs)])]);
  }

  #run(client: RedisClient, script: string, { name }: LedgerSlot, parameters: string[]): Promise<unknown> {
    return client.eval(script, { keys: [this.#connection.keyOf(name)], arguments: parameters });
  }

  #slots(key: string): readonly LedgerSlot[] {
    return this.#app.secretKeys.map((secret) => new LedgerSlot(secret, this.#name, key));
  }

  #onEach(key: string, work: (slot: LedgerSlot) => Promise<unknown>): Promise<unknown> {
    return Promise.all(this.#slots(key).map(work));
  }

  async #inTime<Value>(work: (client: RedisClient) => Promise<Value>): Promise<Value> {
    const client = this.#connection.client();
    try {
      return await withTimeout(TIMEOUT_MS, () => work(client));
    } catch (error) {
      throw error instanceof TimeoutError ? new RedisAway(undefined, { cause: error }) : error;
    }
  }
}

// Redis takes whole ones only.
const milliseconds = (ms: number): string => String(Math.ceil(ms));
