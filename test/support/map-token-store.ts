import { SystemClock, type WixClock } from '../../src/core/clock.js';
import { TokenStore } from '../../src/store/token-store.js';
import { turns } from './deferred.js';

/** A token store in a map that a test may look into and spoil. */
export class MapTokenStore extends TokenStore {
  override readonly isShared: boolean;
  readonly entries = new Map<string, string>();
  readonly lifetimesMs: number[] = [];
  /** Lets changes arrive only when everything else has had its turn. */
  isSlow = false;
  readonly #untilMs = new Map<string, number>();
  readonly #clock: WixClock;

  constructor(isShared = false, clock: WixClock = new SystemClock()) {
    super();
    this.isShared = isShared;
    this.#clock = clock;
  }

  override get(key: string): Promise<string | undefined> {
    if ((this.#untilMs.get(key) ?? Infinity) <= this.#clock.nowMs()) this.entries.delete(key);
    return Promise.resolve(this.entries.get(key));
  }

  override async set(key: string, value: string, ttlMs: number): Promise<void> {
    if (this.isSlow) await turns();
    this.entries.set(key, value);
    this.#untilMs.set(key, this.#clock.nowMs() + ttlMs);
    this.lifetimesMs.push(ttlMs);
  }

  override async delete(key: string): Promise<void> {
    if (this.isSlow) await turns();
    this.entries.delete(key);
  }

  /** Everything that a person with access to the store could read. */
  get dump(): string {
    return JSON.stringify([...this.entries]);
  }
}
