import { COPY, thisCopy } from './marks.js';

/** Where the time comes from. Provide your own to test expiry without waiting. */
export abstract class WixClock {
  /** @internal */
  static readonly [COPY] = thisCopy;

  /** Milliseconds since the epoch. */
  abstract nowMs(): number;
}

/** The machine's clock. */
export class SystemClock extends WixClock {
  override nowMs(): number {
    return Date.now();
  }
}
