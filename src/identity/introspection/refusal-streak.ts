import type { AuthEvents } from '../../core/auth-events.js';
import type { WixClock } from '../../core/clock.js';

/** A refusal of a token that Wix had called good before. */
export interface RepeatedRefusal {
  /** The installation the token names. */
  readonly instanceId: string | undefined;
  /** The status of the answer. */
  readonly status: number;
  /** Wix's id of the request, when it gave one. */
  readonly requestId: string | undefined;
}

const REFUSALS_TO_BEGIN = 5;
const INSTALLATIONS_TO_BEGIN = 3;

/**
 * Notices that Wix refuses everything: 5 tokens in a row of at least 3 installations that it had called good before, and
 * none accepted in between. Refusals of tokens never seen before say nothing, because anyone can invent those. The first
 * token that is accepted ends it.
 */
export class RefusalStreak {
  readonly #clock: WixClock;
  readonly #events: AuthEvents;
  readonly #installations = new Set<string>();
  #refused = 0;
  #sinceMs: number | undefined;

  constructor(clock: WixClock, events: AuthEvents) {
    this.#clock = clock;
    this.#events = events;
  }

  /** Wix refused a token that was good before. */
  refused({ instanceId = '', status, requestId }: RepeatedRefusal): void {
    this.#refused += 1;
    if (this.#sinceMs !== undefined) return;
    this.#installations.add(instanceId);
    if (this.#refused < REFUSALS_TO_BEGIN || this.#installations.size < INSTALLATIONS_TO_BEGIN) return;
    this.#sinceMs = this.#clock.nowMs();
    this.#events.emit('refusalsBegan', { status, requestId });
  }

  /** Wix called a token good. */
  accepted(): void {
    if (this.#sinceMs !== undefined) {
      const lastedMs = this.#clock.nowMs() - this.#sinceMs;
      this.#events.emit('refusalsEnded', { lastedMs, refused: this.#refused });
    }
    this.#sinceMs = undefined;
    this.#refused = 0;
    this.#installations.clear();
  }
}
