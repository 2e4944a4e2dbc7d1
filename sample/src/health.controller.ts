import { Controller, Get } from '@nestjs/common';

@Controller('health')
export class HealthController {
  /** Public: no guard stands here. */
  @Get()
  show() {
    return { status: 'up' };
  }
}
