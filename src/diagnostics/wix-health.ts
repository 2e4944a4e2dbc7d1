import type { AuthEvents, CircuitOpened, StoreFailed } from '../core/auth-events.js';
import type { WixClock } from '../core/clock.js';

/** One reason for reduced health. */
export interface WixHealthReason {
  /** What it is. */
  readonly what: 'app-refused' | 'circuit-open' | 'serving-stale' | 'store-failing';
  /** Which endpoint or store, or what is served stale. */
  readonly which: string;
  /** Why, as a text of ours or a code. */
  readonly why: string;
  /** Since when, by the clock of the module. */
  readonly since: Date;
}

/** The health of a registration. */
export interface WixHealthReport {
  /**
   * `'down'` while Wix refuses the app's id or secret; `'degraded'` while it works with less: a circuit is open, old
   * answers are served, or a store is left alone.
   */
  readonly status: 'up' | 'degraded' | 'down';
  /** Why it is not `'up'`, oldest first. */
  readonly reasons: readonly WixHealthReason[];
}

// A stale answer is served for a second before Wix is tried again.
const STALE_ENDS_AFTER_MS = 10_000;

interface Served {
  readonly reason: WixHealthReason;
  readonly lastMs: number;
}

/** The health of a registration, from events that happened anyway: it sends no requests. */
export class WixHealth {
  readonly #clock: WixClock;
  readonly #reasons = new Map<string, WixHealthReason>();
  readonly #stale = new Map<string, Served>();

  constructor(events: AuthEvents, clock: WixClock) {
    this.#clock = clock;
    events.on('appRefused', () => this.#began('app-refused', 'app', 'Wix refuses the app id or secret.'));
    events.on('appAccepted', () => this.#ended('app-refused', 'app'));
    events.on('circuitOpened', (opened) => this.#began('circuit-open', nameOf(opened), opened.reason));
    events.on('circuitClosed', (closed) => this.#ended('circuit-open', nameOf(closed)));
    events.on('storeFailed', ({ store, reason }: StoreFailed) => this.#began('store-failing', store, reason));
    events.on('storeRecovered', ({ store }) => this.#ended('store-failing', store));
    events.on('ledgerFailed', ({ reason }) => this.#began('store-failing', 'ledger', reason));
    events.on('ledgerRecovered', () => this.#ended('store-failing', 'ledger'));
    events.on('queueFailed', ({ reason, storing }) => {
      if (storing) this.#began('store-failing', 'event queue', reason);
    });
    events.on('queueRecovered', () => this.#ended('store-failing', 'event queue'));
    events.on('staleServed', ({ what }) => this.#servedStale(what));
  }

  /** The current health. */
  report(): WixHealthReport {
    const reasons = [...this.#reasons.values(), ...this.#staleReasons()].sort(
      (one, other) => one.since.getTime() - other.since.getTime(),
    );
    const isDown = reasons.some(({ what }) => what === 'app-refused');
    return { status: isDown ? 'down' : reasons.length > 0 ? 'degraded' : 'up', reasons };
  }

  #began(what: WixHealthReason['what'], which: string, why: string): void {
    const key = `${what} ${which}`;
    if (!this.#reasons.has(key)) this.#reasons.set(key, { what, which, why, since: this.#now() });
  }

  #ended(what: WixHealthReason['what'], which: string): void {
    this.#reasons.delete(`${what} ${which}`);
  }

  #servedStale(which: string): void {
    const lastMs = this.#clock.nowMs();
    const earlier = this.#stale.get(which);
    const goesOn = earlier !== undefined && lastMs - earlier.lastMs <= STALE_ENDS_AFTER_MS;
    const why = 'Wix cannot be asked, and what it said before counts for longer (staleIfErrorMs).';
    const reason = goesOn ? earlier.reason : { what: 'serving-stale' as const, which, why, since: this.#now() };
    this.#stale.set(which, { reason, lastMs });
  }

  #staleReasons(): readonly WixHealthReason[] {
    const nowMs = this.#clock.nowMs();
    return [...this.#stale.values()]
      .filter(({ lastMs }) => nowMs - lastMs <= STALE_ENDS_AFTER_MS)
      .map(({ reason }) => reason);
  }

  #now(): Date {
    return new Date(this.#clock.nowMs());
  }
}

const nameOf = ({ endpoint, lane }: Pick<CircuitOpened, 'endpoint' | 'lane'>): string => `${endpoint} (${lane})`;
