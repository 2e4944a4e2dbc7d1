import { LRUCache } from 'lru-cache';

import type { WixClock } from '../core/clock.js';
import { isJsonObject, numberOf } from '../core/json.js';
import { Recency } from '../core/recency.js';
import { SingleFlight } from '../core/single-flight.js';
import type { WixInstanceId } from '../core/wix-instance-id.js';
import type { SharedValues, SharedWork } from '../store/shared-values.js';

const MAX_ENTRIES = 10_000;

interface KeptAnswer<Value> {
  readonly value: Value;
  readonly instanceId: WixInstanceId;
  readonly askedAtMs: number;
}

/** How answers are shared with other processes: as JSON. */
export interface AnswerSharing<Value> {
  readonly values: SharedValues;
  readonly toJson: (value: Value) => unknown;
  /** The answer, or `undefined` when that is none this version knows. */
  readonly fromJson: (json: unknown) => Value | undefined;
}

/** Answers about installations, kept for a while and asked for once at a time. Failures are not kept. */
export class KeptAnswers<Value extends object> {
  readonly #clock: WixClock;
  readonly #ttlMs: number;
  readonly #sharing: AnswerSharing<Value> | undefined;
  readonly #kept = new LRUCache<string, KeptAnswer<Value>>({ max: MAX_ENTRIES });
  readonly #questions = new SingleFlight<Value>();
  readonly #recency = new Recency();

  constructor(clock: WixClock, ttlMs: number, sharing?: AnswerSharing<Value>) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
    this.#sharing = sharing?.values.areShared === true ? sharing : undefined;
  }

  /** The answer kept for a key, if it may still be trusted: asked for within the time to live, or since a moment. */
  kept(key: string, sinceMs = this.#oldestMs()): Value | undefined {
    // Peeked at: noting on every request what was used last would cost more than the look.
    const answer = this.#kept.peek(key);
    return answer !== undefined && answer.askedAtMs >= sinceMs ? answer.value : undefined;
  }

  /** The kept answer, or a new one. */
  async get(key: string, instanceId: WixInstanceId, ask: () => Promise<Value>, sinceMs?: number): Promise<Value> {
    const kept = this.kept(key, sinceMs);
    if (kept !== undefined) return kept;
    // What one question finds in the store may be too old for who asks for answers since a moment.
    const question = this.#sharing === undefined ? key : `${key}/${String(sinceMs)}`;
    return this.#questions.run(question, () => this.#ask(key, instanceId, ask, sinceMs));
  }

  /** Forgets all answers about an installation; those already asked for are not kept when they come. */
  forget(instanceId: WixInstanceId): void {
    this.#recency.forget(instanceId);
    this.#questions.forgetAll();
    for (const [key, answer] of this.#kept) {
      if (answer.instanceId === instanceId) this.#kept.delete(key);
    }
  }

  async #ask(key: string, instanceId: WixInstanceId, ask: () => Promise<Value>, sinceMs?: number): Promise<Value> {
    const askedAt = this.#recency.now();
    const answer = await this.#findOrAsk(key, instanceId, ask, sinceMs ?? this.#oldestMs());
    // Forgetting one installation parts the callers of all: of two answers, the one asked for later counts.
    const newestMs = this.#kept.get(key)?.askedAtMs ?? 0;
    const isWanted = newestMs <= answer.askedAtMs && !this.#recency.isOutdated(instanceId, askedAt);
    if (isWanted) this.#kept.set(key, answer);
    return answer.value;
  }

  async #findOrAsk(
    key: string,
    instanceId: WixInstanceId,
    ask: () => Promise<Value>,
    sinceMs: number,
  ): Promise<KeptAnswer<Value>> {
    const obtain = async (): Promise<KeptAnswer<Value>> => {
      const askedAtMs = this.#clock.nowMs();
      return { value: await ask(), instanceId, askedAtMs };
    };
    if (this.#sharing === undefined) return obtain();
    const work = this.#work(key, instanceId, obtain, sinceMs, this.#sharing);
    return (await this.#sharing.values.find(work)) ?? this.#sharing.values.obtain(work);
  }

  #work(
    name: string,
    instanceId: WixInstanceId,
    obtain: () => Promise<KeptAnswer<Value>>,
    sinceMs: number,
    { toJson, fromJson }: AnswerSharing<Value>,
  ): SharedWork<KeptAnswer<Value>> {
    const askedAt = this.#recency.now();
    return {
      name,
      instanceId,
      accept: (entry) => {
        const askedAtMs = isJsonObject(entry) ? numberOf(entry, 'askedAtMs') : undefined;
        const value = isJsonObject(entry) ? fromJson(entry['answer']) : undefined;
        const isGood = value !== undefined && askedAtMs !== undefined && askedAtMs >= sinceMs;
        // The other process's clock may be ahead.
        return isGood ? { value, instanceId, askedAtMs: Math.min(askedAtMs, this.#clock.nowMs()) } : undefined;
      },
      obtain,
      entryOf: ({ value, askedAtMs }) => ({
        entry: { answer: toJson(value), askedAtMs },
        untilMs: askedAtMs + this.#ttlMs,
      }),
      isWanted: () => !this.#recency.isOutdated(instanceId, askedAt),
    };
  }

  #oldestMs(): number {
    return this.#clock.nowMs() - this.#ttlMs;
  }
}
