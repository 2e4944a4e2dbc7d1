import { LRUCache } from 'lru-cache';

import type { WixClock } from '../core/clock.js';
import { Recency } from '../core/recency.js';
import { SingleFlight } from '../core/single-flight.js';
import type { WixInstanceId } from '../core/wix-instance-id.js';

const MAX_ENTRIES = 10_000;

interface KeptAnswer<Value> {
  readonly value: Value;
  readonly instanceId: WixInstanceId;
  readonly askedAtMs: number;
}

/** Answers about installations, kept for a while and asked for once at a time. Failures are not kept. */
export class KeptAnswers<Value extends object> {
  readonly #clock: WixClock;
  readonly #ttlMs: number;
  readonly #kept = new LRUCache<string, KeptAnswer<Value>>({ max: MAX_ENTRIES });
  readonly #questions = new SingleFlight<Value>();
  readonly #recency = new Recency();

  constructor(clock: WixClock, ttlMs: number) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
  }

  /** The answer kept for a key, if it may still be trusted: asked for within the time to live, or since a moment. */
  kept(key: string, sinceMs = this.#clock.nowMs() - this.#ttlMs): Value | undefined {
    const answer = this.#kept.get(key);
    return answer !== undefined && answer.askedAtMs >= sinceMs ? answer.value : undefined;
  }

  /** The kept answer, or a new one. */
  async get(key: string, instanceId: WixInstanceId, ask: () => Promise<Value>, sinceMs?: number): Promise<Value> {
    return this.kept(key, sinceMs) ?? this.#questions.run(key, () => this.#ask(key, instanceId, ask));
  }

  /** Forgets all answers about an installation; those already asked for are not kept when they come. */
  forget(instanceId: WixInstanceId): void {
    this.#recency.forget(instanceId);
    this.#questions.forgetAll();
    for (const [key, answer] of this.#kept) {
      if (answer.instanceId === instanceId) this.#kept.delete(key);
    }
  }

  async #ask(key: string, instanceId: WixInstanceId, ask: () => Promise<Value>): Promise<Value> {
    const askedAt = this.#recency.now();
    const askedAtMs = this.#clock.nowMs();
    const value = await ask();
    // Forgetting one installation parts the callers of all: of two answers, the one asked for later counts.
    const newestMs = this.#kept.get(key)?.askedAtMs ?? 0;
    const isWanted = newestMs <= askedAtMs && !this.#recency.isOutdated(instanceId, askedAt);
    if (isWanted) this.#kept.set(key, { value, instanceId, askedAtMs });
    return value;
  }
}
