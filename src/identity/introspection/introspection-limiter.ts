import { BoundedCache } from '../../core/bounded-cache.js';
import { Traces } from '../../diagnostics/traces.js';
import type { WixClock } from '../../core/clock.js';
import { TurnQueue, type TurnRank } from '../../http/limits/turn-queue.js';
import { laneSlots } from '../../http/wix-agents.js';
import type { RecentInstallations } from './recent-installations.js';

/** The limits of requests about tokens never seen before. */
export interface IntrospectionLimits {
  readonly maxRequestsPerSecond: number;
  readonly maxWaitMs: number;
}

const MAX_WAITING = 1_000;
const SUSPECT_FOR_MS = 60_000;

const KNOWN = 0;
const SUSPECT = 1;
const UNKNOWN = 2;

/**
 * Limits the requests about new tokens, and decides which go first. An invented token that names our
 * public app id passes every check that can be made here, so without a limit anyone could make us flood Wix, and
 * without turns a flood would lock all other callers out.
 *
 * Turns are taken by the installation a token names: those known go first, then those known whose names were on tokens
 * that Wix refused in the last minute, then the unknown. What goes first can never use all the room of what comes after
 * it, and what comes after it never all the room of what goes first.
 */
export class IntrospectionLimiter {
  readonly #queue: TurnQueue;
  readonly #known: RecentInstallations;
  readonly #clock: WixClock;
  readonly #refusedAtMs = new BoundedCache<string, number>();

  constructor(
    { maxRequestsPerSecond, maxWaitMs }: IntrospectionLimits,
    known: RecentInstallations,
    clock: WixClock,
    { limiter: channel } = new Traces(),
  ) {
    this.#queue = new TurnQueue({
      slots: laneSlots('introspection'),
      perSecond: maxRequestsPerSecond,
      maxWaitMs,
      maxWaiting: MAX_WAITING,
      tracing: { channel, name: 'introspection' },
    });
    this.#known = known;
    this.#clock = clock;
  }

  /**
   * Asks about a token when it is the turn of the installation it names.
   *
   * @throws {@link WixUnavailableError} when there is no room, with the advice to come back in a second.
   */
  async run<Answer>(instanceId: string | undefined, send: () => Promise<Answer>): Promise<Answer> {
    const key = instanceId ?? '';
    const rank = this.#rankOf(key, this.#known.isKnownHere(key));
    // The store is asked only where the answer makes a difference.
    if (this.#queue.hasRoom(rank)) return this.#queue.run({ key, rank }, send);
    return this.#queue.run({ key, rank: this.#rankOf(key, await this.#known.isKnown(key)) }, send);
  }

  /** Wix refused a token that names this installation: such tokens may be invented. */
  noteRefused(instanceId: string): void {
    // Unknown installations are unlimited in number, and have no priority to lose.
    if (this.#known.isKnownHere(instanceId)) this.#refusedAtMs.set(instanceId, this.#clock.nowMs());
  }

  #rankOf(instanceId: string, isKnown: boolean): TurnRank {
    if (!isKnown) return UNKNOWN;
    const refusedAtMs = this.#refusedAtMs.get(instanceId) ?? -Infinity;
    return this.#clock.nowMs() - refusedAtMs < SUSPECT_FOR_MS ? SUSPECT : KNOWN;
  }
}
