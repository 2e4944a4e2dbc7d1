import { WixUnavailableError } from '../../core/wix-auth.errors.js';
import type { TraceChannel } from '../../diagnostics/trace-channel.js';
import { RoundRobin } from './round-robin.js';

/**
 * The priority of a request while there is not enough room: 0 before 1 before 2. What matters less never gets the
 * whole room, so that there is some left at once when something more important comes.
 */
export type TurnRank = 0 | 1 | 2;

/** What decides about turns. */
export interface Turn {
  /** Requests with the same key take turns as one: usually an installation. */
  readonly key: string;
  readonly rank: TurnRank;
}

/** The limits of the queue. */
export interface TurnQueueSettings {
  /** How many requests may be under way at once. */
  readonly slots: number;
  /**
   * How many may be started within a second.
   *
   * @default unlimited
   */
  readonly perSecond?: number | undefined;
  /** Milliseconds a request waits for its turn before it is refused. */
  readonly maxWaitMs: number;
  /** How many requests wait at most. */
  readonly maxWaiting: number;
  /**
   * Where waiting is traced, and under which name.
   *
   * @default nowhere
   */
  readonly tracing?: { readonly channel: TraceChannel<'limiter'>; readonly name: string };
}

/** What the ranks from each one downwards may use together, of the slots and of the rate. */
const SHARES = [1, 7 / 8, 3 / 4] as const;
/** What may be in use of the slots when something begins that can wait. */
const SPARED = 3 / 4;
const RANKS = [0, 1, 2] as const;
const FROM_LAST = [2, 1, 0] as const;
// Once in so many turns the lowest rank goes first, so that it is never starved.
const TURNS_TO_THE_LAST = 8;
const SECOND_MS = 1_000;
const RETRY_AFTER_MS = 1_000;

/**
 * Queues requests for a limited number of slots. Within a rank the keys take turns, so that many requests for one
 * key hold up that key only. When too many wait, the newest of the longest key of the last rank is refused.
 */
export class TurnQueue {
  readonly #settings: TurnQueueSettings;
  readonly #active = new Tally();
  readonly #waiting: readonly [RoundRobin<Waiter>, RoundRobin<Waiter>, RoundRobin<Waiter>] = [
    new RoundRobin(),
    new RoundRobin(),
    new RoundRobin(),
  ];
  #started = new Tally();
  #secondBeganMs = -Infinity;
  #turns = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(settings: TurnQueueSettings) {
    this.#settings = settings;
  }

  /** Whether a request of that rank would start at once. */
  hasRoom(rank: TurnRank): boolean {
    this.#beginSecond();
    return this.#waitingCount === 0 && this.#mayStart(rank);
  }

  /** Whether there is room for background work and some left for callers. */
  get hasRoomToSpare(): boolean {
    return this.#waitingCount === 0 && this.#active.from(0) < atLeastOne(SPARED * this.#settings.slots);
  }

  /**
   * Runs the work when its turn comes.
   *
   * @throws {@link WixUnavailableError} when too many wait, or its turn does not come in time.
   */
  async run<Result>(turn: Turn, work: () => Promise<Result>): Promise<Result> {
    if (this.hasRoom(turn.rank)) this.#start(turn.rank);
    else await this.#waitTraced(turn);
    try {
      return await work();
    } finally {
      this.#active.add(turn.rank, -1);
      this.#startWaiting();
    }
  }

  #waitTraced(turn: Turn): Promise<void> {
    const { tracing } = this.#settings;
    const wait = (): Promise<void> => this.#wait(turn);
    return tracing === undefined ? wait() : tracing.channel.follow(() => ({ limiter: tracing.name }), wait);
  }

  #wait(turn: Turn): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.#makeRoomFor(turn)) {
        reject(tooMany());
        return;
      }
      const waiter: Waiter = { turn, resolve, reject, timer: this.#refuseLater(() => waiter) };
      this.#waiting[turn.rank].add(turn.key, waiter);
      this.#startWaiting();
    });
  }

  #refuseLater(waiterOf: () => Waiter): NodeJS.Timeout {
    const { maxWaitMs } = this.#settings;
    return setTimeout(() => this.#remove(waiterOf(), tooSlow(maxWaitMs)), maxWaitMs);
  }

  #remove(waiter: Waiter, error: WixUnavailableError): void {
    this.#waiting[waiter.turn.rank].delete(waiter.turn.key, waiter);
    clearTimeout(waiter.timer);
    waiter.reject(error);
  }

  #makeRoomFor({ key, rank }: Turn): boolean {
    if (this.#waitingCount < this.#settings.maxWaiting) return true;
    const last = FROM_LAST.find((one) => this.#waiting[one].size > 0) ?? rank;
    if (last < rank) return false;
    const longest = this.#waiting[last].longest();
    if (longest === undefined) return false;
    // Those who wait have waited already: the newcomer goes first only where that makes it fairer.
    if (last === rank && longest.length <= this.#waiting[rank].lengthOf(key) + 1) return false;
    this.#remove(longest.newest, tooMany());
    return true;
  }

  #startWaiting(): void {
    this.#beginSecond();
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      clearTimeout(next.timer);
      this.#start(next.turn.rank);
      next.resolve();
    }
    if (this.#waitingCount > 0 && this.#settings.perSecond !== undefined) this.#startLater();
  }

  #next(): Waiter | undefined {
    const order = (this.#turns + 1) % TURNS_TO_THE_LAST === 0 ? FROM_LAST : RANKS;
    const rank = order.find((one) => this.#waiting[one].size > 0 && this.#mayStart(one));
    return rank === undefined ? undefined : this.#waiting[rank].take();
  }

  #start(rank: TurnRank): void {
    this.#turns += 1;
    this.#active.add(rank, 1);
    this.#started.add(rank, 1);
  }

  #mayStart(rank: TurnRank): boolean {
    const { slots, perSecond = Infinity } = this.#settings;
    return RANKS.slice(0, rank + 1).every(
      (one) =>
        this.#active.from(one) < atLeastOne(SHARES[one] * slots) &&
        this.#started.from(one) < atLeastOne(SHARES[one] * perSecond),
    );
  }

  #beginSecond(): void {
    const nowMs = performance.now();
    if (nowMs < this.#secondBeganMs + SECOND_MS) return;
    this.#secondBeganMs = nowMs;
    this.#started = new Tally();
  }

  // The slots may all be free, and only the second's allowance used up: then no end of work starts the next one.
  #startLater(): void {
    if (this.#timer !== undefined) return;
    const waitMs = Math.ceil(this.#secondBeganMs + SECOND_MS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#startWaiting();
    }, waitMs);
  }

  get #waitingCount(): number {
    return this.#waiting[0].size + this.#waiting[1].size + this.#waiting[2].size;
  }
}

interface Waiter {
  readonly turn: Turn;
  readonly resolve: () => void;
  readonly reject: (error: WixUnavailableError) => void;
  readonly timer: NodeJS.Timeout;
}

/** Counts by rank. */
class Tally {
  readonly #counts: [number, number, number] = [0, 0, 0];

  add(rank: TurnRank, count: number): void {
    this.#counts[rank] += count;
  }

  /** The count of a rank and of all that matter less. */
  from(rank: TurnRank): number {
    return this.#counts.slice(rank).reduce((sum, count) => sum + count, 0);
  }
}

const atLeastOne = (share: number): number => Math.max(1, Math.floor(share));

const tooMany = (): WixUnavailableError =>
  new WixUnavailableError('Too many requests wait for their turn to go to Wix.', { retryAfterMs: RETRY_AFTER_MS });

const tooSlow = (maxWaitMs: number): WixUnavailableError =>
  new WixUnavailableError(
    `Too many requests go to Wix: this one's turn did not come within ${String(maxWaitMs)} ms (verification.maxWaitMs).`,
    { retryAfterMs: RETRY_AFTER_MS },
  );
