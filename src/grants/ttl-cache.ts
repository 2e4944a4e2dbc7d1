import { LRUCache } from 'lru-cache';

import type { WixClock } from '../core/clock.js';
import { isJsonObject, numberOf } from '../core/values/json.js';
import { InvalidationEpochs } from '../core/concurrency/invalidation-epochs.js';
import { SingleFlight } from '../core/concurrency/single-flight.js';
import { isOutage, WixAppRefusedError, WixInstanceUnknownError } from '../core/wix-auth.errors.js';
import type { WixInstanceId } from '../core/identities/wix-instance-id.js';
import type { SharedValues, SharedWork } from '../store/shared-values.js';

const MAX_ENTRIES = 10_000;
const STALE_FOR_MS = 1_000;

interface TtlCacheEntry<Value> {
  readonly value: Value;
  readonly instanceId: WixInstanceId;
  readonly requestedAtMs: number;
}

interface KeptEntry<Value> extends TtlCacheEntry<Value> {
  readonly untilMs: number;
}

/** How long answers count, in milliseconds. */
export interface TtlCacheSettings {
  readonly ttlMs: number;
  /**
   * How much longer while Wix cannot be asked.
   *
   * @default 0
   */
  readonly staleIfErrorMs?: number | undefined;
}

/** How answers are shared with other processes: as JSON. */
export interface TtlCacheSharing<Value> {
  readonly values: SharedValues;
  readonly toJson: (value: Value) => unknown;
  /** The answer, or `undefined` when that is none this version knows. */
  readonly fromJson: (json: unknown) => Value | undefined;
}

/**
 * Answers about installations, kept for a while and asked for once at a time. Failures are not kept: an outage leaves what
 * is there for `staleIfErrorMs`, and a no of Wix deletes it.
 */
export class TtlCache<Value extends object> {
  readonly #clock: WixClock;
  readonly #ttlMs: number;
  readonly #staleIfErrorMs: number;
  readonly #sharing: TtlCacheSharing<Value> | undefined;
  readonly #cache = new LRUCache<string, KeptEntry<Value>>({ max: MAX_ENTRIES });
  readonly #requests = new SingleFlight<Value>();
  readonly #epochs = new InvalidationEpochs();

  constructor(clock: WixClock, { ttlMs, staleIfErrorMs = 0 }: TtlCacheSettings, sharing?: TtlCacheSharing<Value>) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
    this.#staleIfErrorMs = staleIfErrorMs;
    this.#sharing = sharing?.values.areShared === true ? sharing : undefined;
  }

  /** The answer kept for a key, if it may still be trusted: asked for within the time to live, or since a moment. */
  cached(key: string, sinceMs?: number): Value | undefined {
    // Peeked at: noting on every request what was used last would cost more than the look.
    const answer = this.#cache.peek(key);
    if (answer === undefined) return undefined;
    // What is stale was requested too long ago for whoever asks for answers since a moment.
    const isGood = sinceMs === undefined ? answer.untilMs >= this.#clock.nowMs() : answer.requestedAtMs >= sinceMs;
    return isGood ? answer.value : undefined;
  }

  /** The kept answer, or a new one. */
  async get(key: string, instanceId: WixInstanceId, load: () => Promise<Value>, sinceMs?: number): Promise<Value> {
    const cached = this.cached(key, sinceMs);
    if (cached !== undefined) return cached;
    // What one question finds in the store may be too old for who asks for answers since a moment.
    const request = this.#sharing === undefined ? key : `${key}/${String(sinceMs)}`;
    return this.#requests.run(request, () => this.#load(key, instanceId, load, sinceMs));
  }

  /** Forgets all answers about an installation; those already asked for are not kept when they come. */
  forget(instanceId: WixInstanceId): void {
    this.#epochs.forget(instanceId);
    this.#requests.forgetAll();
    for (const [key, answer] of this.#cache) {
      if (answer.instanceId === instanceId) this.#cache.delete(key);
    }
  }

  async #load(key: string, instanceId: WixInstanceId, load: () => Promise<Value>, sinceMs?: number): Promise<Value> {
    const epoch = this.#epochs.now();
    const found = await this.#findOrLoad(key, instanceId, load, sinceMs).catch(async (error: unknown) => {
      const stale = await this.#staleAfter(error, key, instanceId, sinceMs, epoch);
      if (stale === undefined) throw error;
      return stale;
    });
    this.#keep(key, found, epoch);
    return found.value;
  }

  #keep(key: string, entry: KeptEntry<Value>, epoch: number): void {
    // Forgetting one installation parts the callers of all: of two answers, the one asked for later counts.
    const newestMs = this.#cache.get(key)?.requestedAtMs ?? 0;
    if (newestMs <= entry.requestedAtMs && !this.#epochs.isStale(entry.instanceId, epoch)) this.#cache.set(key, entry);
  }

  // Whoever asks for answers since a moment has none in what is stale.
  async #staleAfter(
    error: unknown,
    key: string,
    instanceId: WixInstanceId,
    sinceMs: number | undefined,
    epoch: number,
  ): Promise<KeptEntry<Value> | undefined> {
    if (error instanceof WixAppRefusedError || error instanceof WixInstanceUnknownError) await this.#delete(key);
    if (!isOutage(error) || sinceMs !== undefined || this.#staleIfErrorMs === 0) return undefined;
    const oldestMs = this.#oldestMs() - this.#staleIfErrorMs;
    const entry = await this.#findStale(key, instanceId, oldestMs);
    if (entry === undefined || entry.requestedAtMs < oldestMs) return undefined;
    if (this.#epochs.isStale(instanceId, epoch)) return undefined;
    const staleUntilMs = entry.requestedAtMs + this.#ttlMs + this.#staleIfErrorMs;
    // Kept for a moment, so that not every request of an outage finds out anew.
    return { ...entry, untilMs: Math.min(this.#clock.nowMs() + STALE_FOR_MS, staleUntilMs) };
  }

  // Where answers are shared, the store tells whether this one was forgotten: this process may have missed the message.
  async #findStale(
    key: string,
    instanceId: WixInstanceId,
    oldestMs: number,
  ): Promise<TtlCacheEntry<Value> | undefined> {
    if (this.#sharing === undefined) return this.#cache.get(key);
    return this.#sharing.values.find(this.#work(key, instanceId, neverObtained, oldestMs, this.#sharing));
  }

  async #delete(key: string): Promise<void> {
    this.#cache.delete(key);
    await this.#sharing?.values.erase(key);
  }

  async #findOrLoad(
    key: string,
    instanceId: WixInstanceId,
    load: () => Promise<Value>,
    sinceMs = this.#oldestMs(),
  ): Promise<KeptEntry<Value>> {
    const obtain = async (): Promise<TtlCacheEntry<Value>> => {
      const requestedAtMs = this.#clock.nowMs();
      return { value: await load(), instanceId, requestedAtMs };
    };
    const entry =
      this.#sharing === undefined
        ? await obtain()
        : await this.#sharing.values.obtain(this.#work(key, instanceId, obtain, sinceMs, this.#sharing));
    return { ...entry, untilMs: entry.requestedAtMs + this.#ttlMs };
  }

  #work(
    name: string,
    instanceId: WixInstanceId,
    obtain: () => Promise<TtlCacheEntry<Value>>,
    sinceMs: number,
    { toJson, fromJson }: TtlCacheSharing<Value>,
  ): SharedWork<TtlCacheEntry<Value>> {
    const epoch = this.#epochs.now();
    return {
      name,
      instanceId,
      accept: (entry) => {
        const requestedAtMs = isJsonObject(entry) ? numberOf(entry, 'requestedAtMs') : undefined;
        const value = isJsonObject(entry) ? fromJson(entry['answer']) : undefined;
        const isGood = value !== undefined && requestedAtMs !== undefined && requestedAtMs >= sinceMs;
        // The other process's clock may be ahead.
        return isGood ? { value, instanceId, requestedAtMs: Math.min(requestedAtMs, this.#clock.nowMs()) } : undefined;
      },
      obtain,
      entryOf: ({ value, requestedAtMs }) => ({
        entry: { answer: toJson(value), requestedAtMs },
        untilMs: requestedAtMs + this.#ttlMs + this.#staleIfErrorMs,
      }),
      isStillValid: () => !this.#epochs.isStale(instanceId, epoch),
    };
  }

  #oldestMs(): number {
    return this.#clock.nowMs() - this.#ttlMs;
  }
}

const neverObtained = (): Promise<never> => Promise.reject(new Error('Stale answers are only looked up.'));
