import { WixClock } from '../../src/core/clock.js';

/** A clock that stands still until told otherwise. */
export class FakeClock extends WixClock {
  #nowMs: number;

  constructor(iso = '2026-11-23T12:00:00.000Z') {
    super();
    this.#nowMs = Date.parse(iso);
  }

  override nowMs(): number {
    return this.#nowMs;
  }

  nowS(): number {
    return Math.floor(this.#nowMs / 1_000);
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }
}
