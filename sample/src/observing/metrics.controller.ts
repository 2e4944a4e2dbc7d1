import { Controller, Get, Header, type OnApplicationShutdown } from '@nestjs/common';
import { Registry } from 'prom-client';

import { wixMetrics } from './wix-metrics.js';

/** Metrics for Prometheus. Public here; in reality, let only your network reach it. */
@Controller('metrics')
export class MetricsController implements OnApplicationShutdown {
  readonly #registry = new Registry();
  readonly #end = wixMetrics(this.#registry);

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4')
  show() {
    return this.#registry.metrics();
  }

  onApplicationShutdown(): void {
    this.#end();
  }
}
