import { BoundedCache } from '../core/bounded-cache.js';
import type { WixClock } from '../core/clock.js';
import { isJsonObject, numberOf } from '../core/values/json.js';
import { InvalidationEpochs } from '../core/concurrency/invalidation-epochs.js';
import { SingleFlight } from '../core/concurrency/single-flight.js';
import type { TraceChannel } from '../diagnostics/trace-channel.js';
import type { WixGrantsTrace, WixTraceSource } from '../diagnostics/trace-messages.js';
import { isOutage, WixAppRefusedError, WixInstanceUnknownError } from '../core/wix-auth.errors.js';
import type { WixInstanceId } from '../core/identities/wix-instance-id.js';
import type { SharedValues, SharedWork } from '../store/shared-values.js';

const STALE_FOR_MS = 1_000;
const RENEW_AFTER = 3 / 4;
const RENEWAL_PAUSE_MS = 5_000;
const NEVER = Infinity;

interface TtlCacheEntry<Value> {
  readonly value: Value;
  readonly instanceId: WixInstanceId;
  readonly requestedAtMs: number;
}

interface CachedEntry<Value> extends TtlCacheEntry<Value> {
  readonly untilMs: number;
  readonly load: () => Promise<Value>;
  /** From when it is renewed, if it is used. Moves on with every attempt. */
  renewFromMs: number;
}

/** Which answers will do. */
export interface TtlCacheNeeds<Value> {
  /** Those requested since that moment; without it, those that may still be trusted. */
  readonly sinceMs?: number | undefined;
  /** Those that have this part: other processes may have shared only some. */
  readonly needs?: keyof Value | undefined;
}

/** What is asked for. */
interface Request<Value> extends TtlCacheNeeds<Value> {
  readonly key: string;
  readonly instanceId: WixInstanceId;
  readonly load: () => Promise<Value>;
}

/** Where an answer came from. */
interface AnswerSource {
  from: WixTraceSource;
}

/** How long answers are used, in milliseconds. */
export interface TtlCacheSettings {
  readonly ttlMs: number;
  /**
   * How much longer while Wix cannot be asked.
   *
   * @default 0
   */
  readonly staleIfErrorMs?: number | undefined;
  /**
   * Whether there is room to renew answers that are in use, in the last quarter of their time.
   *
   * @default there is none: they are not renewed
   */
  readonly hasRoomToSpare?: (() => boolean) | undefined;
  /** Called when an old answer is used because Wix cannot be reached. */
  readonly onStale?: (() => void) | undefined;
}

/** How look-ups are traced. */
export interface TtlCacheTracing {
  readonly channel: TraceChannel<'grants'>;
  readonly kind: WixGrantsTrace['kind'];
}

/** How answers are shared with other processes: as JSON. */
export interface TtlCacheSharing<Value> {
  readonly values: SharedValues;
  readonly toJson: (value: Value) => unknown;
  /** The answer, or `undefined` when this version does not know its form. */
  readonly fromJson: (json: unknown) => Value | undefined;
}

/**
 * Answers about installations, cached and requested once at a time. Failures are not cached: an outage leaves what
 * is there for `staleIfErrorMs`, and a refusal by Wix deletes it.
 */
export class TtlCache<Value extends object> {
  readonly #clock: WixClock;
  readonly #ttlMs: number;
  readonly #staleIfErrorMs: number;
  readonly #hasRoomToSpare: (() => boolean) | undefined;
  readonly #onStale: (() => void) | undefined;
  readonly #sharing: TtlCacheSharing<Value> | undefined;
  readonly #tracing: TtlCacheTracing | undefined;
  readonly #cache = new BoundedCache<string, CachedEntry<Value>>();
  readonly #requests = new SingleFlight<Value>();
  readonly #epochs = new InvalidationEpochs();

  constructor(
    clock: WixClock,
    settings: TtlCacheSettings,
    sharing?: TtlCacheSharing<Value>,
    tracing?: TtlCacheTracing,
  ) {
    this.#clock = clock;
    this.#tracing = tracing;
    this.#ttlMs = settings.ttlMs;
    this.#staleIfErrorMs = settings.staleIfErrorMs ?? 0;
    this.#hasRoomToSpare = settings.hasRoomToSpare;
    this.#onStale = settings.onStale;
    this.#sharing = sharing?.values.areShared === true ? sharing : undefined;
  }

  /** The cached answer for a key, if it may be used: requested within the time to live, or since a given moment. */
  cached(key: string, { sinceMs, needs }: TtlCacheNeeds<Value> = {}): Value | undefined {
    // Peeked at: recording the last use on every request would cost more than the lookup.
    const answer = this.#cache.peek(key);
    if (answer === undefined || !hasPart(answer.value, needs)) return undefined;
    // What is stale was requested too long ago for a caller that needs answers since a moment.
    if (sinceMs !== undefined) return answer.requestedAtMs >= sinceMs ? answer.value : undefined;
    const nowMs = this.#clock.nowMs();
    if (answer.untilMs < nowMs) return undefined;
    if (answer.renewFromMs <= nowMs) this.#renewInBackground(key, answer, nowMs);
    if (this.#tracing?.channel.hasListeners === true) publishFound(this.#tracing, answer.instanceId);
    return answer.value;
  }

  /** The cached answer, or a new one. */
  async get(
    key: string,
    instanceId: WixInstanceId,
    load: () => Promise<Value>,
    needs: TtlCacheNeeds<Value> = {},
  ): Promise<Value> {
    const cached = this.cached(key, needs);
    if (cached !== undefined) return cached;
    return this.#requests.run(this.#flightOf(key, needs), () => this.#loadTraced({ key, instanceId, load, ...needs }));
  }

  /** Forgets all answers about an installation; those under way are not cached when they arrive. */
  forget(instanceId: WixInstanceId): void {
    this.#epochs.forget(instanceId);
    this.#requests.forgetAll();
    for (const [key, answer] of this.#cache) {
      if (answer.instanceId === instanceId) this.#cache.delete(key);
    }
  }

  // What one request finds in the store may be too old, or lack a part, for another.
  #flightOf(key: string, { sinceMs, needs }: TtlCacheNeeds<Value>): string {
    return this.#sharing === undefined ? key : `${key}/${String(sinceMs)}/${String(needs)}`;
  }

  // The caller has a good answer: what comes of it is seen by those who come later. One at a time for each key.
  #renewInBackground(key: string, entry: CachedEntry<Value>, nowMs: number): void {
    if (this.#hasRoomToSpare?.() !== true) return;
    entry.renewFromMs = nowMs + RENEWAL_PAUSE_MS;
    const request = { key, instanceId: entry.instanceId, load: entry.load };
    this.#requests
      .run(this.#flightOf(key, {}), () => this.#loadTraced(request, this.#renewAfterMs - 1))
      .catch(() => undefined);
  }

  #loadTraced(request: Request<Value>, maxAgeMs?: number): Promise<Value> {
    const source: AnswerSource = { from: 'store' };
    const work = (): Promise<Value> => this.#load(request, source, maxAgeMs);
    if (this.#tracing === undefined) return work();
    const { channel, kind } = this.#tracing;
    return channel.follow(
      () => ({ kind, instanceId: request.instanceId }),
      work,
      () => source,
      () => source,
    );
  }

  /** @param maxAgeMs how old an answer may be that another process got. */
  async #load(request: Request<Value>, source: AnswerSource, maxAgeMs = this.#ttlMs): Promise<Value> {
    const epoch = this.#epochs.now();
    const load = (): Promise<Value> => {
      source.from = 'wix';
      return request.load();
    };
    const found = await this.#findOrLoad({ ...request, load }, maxAgeMs).catch(async (error: unknown) => {
      const stale = await this.#staleAfter(error, request, epoch);
      if (stale === undefined) throw error;
      source.from = stale.renewFromMs === NEVER ? 'stale' : 'memory';
      if (source.from === 'stale') this.#onStale?.();
      return stale;
    });
    this.#keep(request.key, { ...found, load: request.load }, epoch);
    return found.value;
  }

  #keep(key: string, entry: CachedEntry<Value>, epoch: number): void {
    // Forgetting one installation parts the callers of all: of two answers, the one asked for later counts.
    const newestMs = this.#cache.get(key)?.requestedAtMs ?? 0;
    if (newestMs <= entry.requestedAtMs && !this.#epochs.isStale(entry.instanceId, epoch)) this.#cache.set(key, entry);
  }

  // A stale answer does not serve a caller that needs answers since a moment.
  async #staleAfter(error: unknown, request: Request<Value>, epoch: number): Promise<CachedEntry<Value> | undefined> {
    const { key, instanceId, load, sinceMs, needs } = request;
    if (error instanceof WixAppRefusedError || error instanceof WixInstanceUnknownError) await this.#delete(key);
    if (!isOutage(error) || sinceMs !== undefined) return undefined;
    const cached = this.#cache.peek(key);
    // What could not be renewed is still good.
    const isGood = cached !== undefined && cached.untilMs >= this.#clock.nowMs();
    if (isGood && hasPart(cached.value, needs)) return cached;
    if (this.#staleIfErrorMs === 0) return undefined;
    const oldestMs = this.#clock.nowMs() - this.#ttlMs - this.#staleIfErrorMs;
    const entry = await this.#findStale(request, oldestMs);
    if (entry === undefined || !hasPart(entry.value, needs) || entry.requestedAtMs < oldestMs) return undefined;
    if (this.#epochs.isStale(instanceId, epoch)) return undefined;
    const staleUntilMs = entry.requestedAtMs + this.#ttlMs + this.#staleIfErrorMs;
    // Cached for a moment, so that not every request of an outage finds out anew.
    const untilMs = Math.min(this.#clock.nowMs() + STALE_FOR_MS, staleUntilMs);
    return { ...entry, untilMs, load, renewFromMs: NEVER };
  }

  // Where answers are shared, the store tells whether this one was forgotten: this process may have missed the message.
  async #findStale({ key, instanceId }: Request<Value>, oldestMs: number): Promise<TtlCacheEntry<Value> | undefined> {
    const here = this.#cache.peek(key);
    if (this.#sharing === undefined) return here;
    const request = { key, instanceId, load: neverObtained };
    const stored = await this.#sharing.values.find(this.#work(request, neverObtained, oldestMs, this.#sharing));
    // The same answer, or a later one, which may have more parts.
    return here !== undefined && stored !== undefined && here.requestedAtMs >= stored.requestedAtMs ? here : stored;
  }

  async #delete(key: string): Promise<void> {
    this.#cache.delete(key);
    await this.#sharing?.values.erase(key);
  }

  async #findOrLoad(request: Request<Value>, maxAgeMs: number): Promise<CachedEntry<Value>> {
    const { instanceId, load, sinceMs } = request;
    const oldestMs = sinceMs ?? this.#clock.nowMs() - maxAgeMs;
    const obtain = async (): Promise<TtlCacheEntry<Value>> => {
      const requestedAtMs = this.#clock.nowMs();
      return { value: await load(), instanceId, requestedAtMs };
    };
    const entry =
      this.#sharing === undefined
        ? await obtain()
        : await this.#sharing.values.obtain(this.#work(request, obtain, oldestMs, this.#sharing));
    const { requestedAtMs } = entry;
    return { ...entry, load, untilMs: requestedAtMs + this.#ttlMs, renewFromMs: requestedAtMs + this.#renewAfterMs };
  }

  #work(
    { key, instanceId, needs }: Request<Value>,
    obtain: () => Promise<TtlCacheEntry<Value>>,
    sinceMs: number,
    { toJson, fromJson }: TtlCacheSharing<Value>,
  ): SharedWork<TtlCacheEntry<Value>> {
    const epoch = this.#epochs.now();
    return {
      name: key,
      instanceId,
      accept: (entry) => {
        const requestedAtMs = isJsonObject(entry) ? numberOf(entry, 'requestedAtMs') : undefined;
        const value = isJsonObject(entry) ? fromJson(entry['answer']) : undefined;
        const isRecent = requestedAtMs !== undefined && requestedAtMs >= sinceMs;
        if (value === undefined || !isRecent || !hasPart(value, needs)) return undefined;
        // The other process's clock may be ahead.
        return { value, instanceId, requestedAtMs: Math.min(requestedAtMs, this.#clock.nowMs()) };
      },
      obtain,
      entryOf: ({ value, requestedAtMs }) => ({
        entry: { answer: toJson(value), requestedAtMs },
        untilMs: requestedAtMs + this.#ttlMs + this.#staleIfErrorMs,
      }),
      isStillValid: () => !this.#epochs.isStale(instanceId, epoch),
    };
  }

  /** How old what is in use gets before it is renewed. */
  get #renewAfterMs(): number {
    return RENEW_AFTER * this.#ttlMs;
  }
}

const hasPart = <Value>(value: Value, part: keyof Value | undefined): boolean =>
  part === undefined || value[part] !== undefined;

const neverObtained = (): Promise<never> => Promise.reject(new Error('Stale answers are only looked up.'));

function publishFound({ channel, kind }: TtlCacheTracing, instanceId: WixInstanceId): void {
  channel.publish({ kind, instanceId, from: 'memory', outcome: 'success' });
}
