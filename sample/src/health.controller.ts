import { Controller, Get } from '@nestjs/common';
import { HealthCheckService } from '@nestjs/terminus';
import { WixAuthHealthIndicator } from 'nestjs-wix-auth/terminus';

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly wix: WixAuthHealthIndicator,
  ) {}

  /** Public: no guard runs here. */
  @Get()
  show() {
    return this.health.check([() => this.wix.check('wix')]);
  }
}
