import { Inject, Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';

import { WixHealth } from '../diagnostics/wix-health.js';

/**
 * A health indicator for `@nestjs/terminus`: up; degraded while a circuit is open, stale answers are served or a store
 * is not used; down while Wix refuses the app's id or secret. Reports since when and why.
 *
 * Sends no requests of its own: it reports the results of the application's. Without traffic, the end of an outage is
 * noticed at the next request. Provide it where `TerminusModule` and a registration of `WixAuthModule` are visible.
 */
@Injectable()
export class WixAuthHealthIndicator {
  readonly #health: WixHealth;
  readonly #indicators: HealthIndicatorService;

  constructor(
    @Inject(WixHealth) health: WixHealth,
    @Inject(HealthIndicatorService) indicators: HealthIndicatorService,
  ) {
    this.#health = health;
    this.#indicators = indicators;
  }

  /** The health of the registration, under a key. */
  check(key: string): HealthIndicatorResult {
    const { status, reasons } = this.#health.report();
    const indicator = this.#indicators.check(key);
    if (status === 'up') return indicator.up();
    return status === 'down' ? indicator.down({ reasons }) : indicator.degraded({ reasons });
  }
}
