import { LRUCache } from 'lru-cache';

import type { WixClock } from '../core/clock.js';
import { isJsonObject, numberOf } from '../core/json.js';
import { InvalidationEpochs } from '../core/invalidation-epochs.js';
import { SingleFlight } from '../core/single-flight.js';
import type { WixInstanceId } from '../core/wix-instance-id.js';
import type { SharedValues, SharedWork } from '../store/shared-values.js';

const MAX_ENTRIES = 10_000;

interface TtlCacheEntry<Value> {
  readonly value: Value;
  readonly instanceId: WixInstanceId;
  readonly requestedAtMs: number;
}

/** How answers are shared with other processes: as JSON. */
export interface TtlCacheSharing<Value> {
  readonly values: SharedValues;
  readonly toJson: (value: Value) => unknown;
  /** The answer, or `undefined` when that is none this version knows. */
  readonly fromJson: (json: unknown) => Value | undefined;
}

/** Answers about installations, kept for a while and asked for once at a time. Failures are not kept. */
export class TtlCache<Value extends object> {
  readonly #clock: WixClock;
  readonly #ttlMs: number;
  readonly #sharing: TtlCacheSharing<Value> | undefined;
  readonly #cache = new LRUCache<string, TtlCacheEntry<Value>>({ max: MAX_ENTRIES });
  readonly #requests = new SingleFlight<Value>();
  readonly #epochs = new InvalidationEpochs();

  constructor(clock: WixClock, ttlMs: number, sharing?: TtlCacheSharing<Value>) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
    this.#sharing = sharing?.values.areShared === true ? sharing : undefined;
  }

  /** The answer kept for a key, if it may still be trusted: asked for within the time to live, or since a moment. */
  cached(key: string, sinceMs = this.#oldestMs()): Value | undefined {
    // Peeked at: noting on every request what was used last would cost more than the look.
    const answer = this.#cache.peek(key);
    return answer !== undefined && answer.requestedAtMs >= sinceMs ? answer.value : undefined;
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
    const answer = await this.#findOrLoad(key, instanceId, load, sinceMs ?? this.#oldestMs());
    // Forgetting one installation parts the callers of all: of two answers, the one asked for later counts.
    const newestMs = this.#cache.get(key)?.requestedAtMs ?? 0;
    const isStillValid = newestMs <= answer.requestedAtMs && !this.#epochs.isStale(instanceId, epoch);
    if (isStillValid) this.#cache.set(key, answer);
    return answer.value;
  }

  async #findOrLoad(
    key: string,
    instanceId: WixInstanceId,
    load: () => Promise<Value>,
    sinceMs: number,
  ): Promise<TtlCacheEntry<Value>> {
    const obtain = async (): Promise<TtlCacheEntry<Value>> => {
      const requestedAtMs = this.#clock.nowMs();
      return { value: await load(), instanceId, requestedAtMs };
    };
    if (this.#sharing === undefined) return obtain();
    const work = this.#work(key, instanceId, obtain, sinceMs, this.#sharing);
    return this.#sharing.values.obtain(work);
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
        untilMs: requestedAtMs + this.#ttlMs,
      }),
      isStillValid: () => !this.#epochs.isStale(instanceId, epoch),
    };
  }

  #oldestMs(): number {
    return this.#clock.nowMs() - this.#ttlMs;
  }
}
