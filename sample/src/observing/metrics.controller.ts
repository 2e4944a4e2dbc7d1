import { Controller, Get, Header, type OnApplicationShutdown } from '@nestjs/common';
import { onWixTrace } from 'nestjs-wix-auth';
import { Counter, Registry } from 'prom-client';

/** Metrics for Prometheus. Public here; in reality, let only your network reach it. */
@Controller('metrics')
export class MetricsController implements OnApplicationShutdown {
  readonly #registry = new Registry();
  readonly #decisions = new Counter({
    name: 'wix_auth_decisions_total',
    help: 'Decisions of guards.',
    labelNames: ['outcome', 'code'],
    registers: [this.#registry],
  });
  readonly #end = onWixTrace('decision', ({ outcome, code = '' }) => this.#decisions.inc({ outcome, code }));

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4')
  show() {
    return this.#registry.metrics();
  }

  onApplicationShutdown(): void {
    this.#end();
  }
}
