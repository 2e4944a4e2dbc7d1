import { Inject, Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';

import { WixHealth } from '../diagnostics/wix-health.js';

/**
 * A health indicator for `@nestjs/terminus`: up; degraded while a circuit is open, old answers are served or a store is
 * left alone; down while Wix refuses the app's id or secret. Tells since when and why.
 *
 * Asks nothing of its own: it tells what the traffic went through. Without traffic, an outage is over when the next
 * request finds out. Provide it where `TerminusModule` and a registration of `WixAuthModule` are visible.
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

  /** How the registration does, under a key. */
  check(key: string): HealthIndicatorResult {
    const { status, reasons } = this.#health.report();
    const indicator = this.#indicators.check(key);
    if (status === 'up') return indicator.up();
    return status === 'down' ? indicator.down({ reasons }) : indicator.degraded({ reasons });
  }
}
