import 'reflect-metadata';

import { Controller, Get, Injectable, Module, UseGuards, UseInterceptors } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Throttle, ThrottlerGuard } from '@nestjs/throttler';
import { WixAuthGuard, WixAuthModule, type WixAuthOptions } from 'nestjs-wix-auth';
import { ClsModule, ClsService } from 'nestjs-cls';

import { limitByPlan, TenantInterceptor, throttledByInstallation } from '../../readme/snippets/tenants.js';

/** What the process is told. */
export interface TenantsSetup extends WixAuthOptions {
  readonly port: number;
}

const [text = '{}'] = process.argv.slice(2);
const { port, ...options } = JSON.parse(text) as TenantsSetup;

/** Knows neither request nor context. */
@Injectable()
class Ledger {
  constructor(private readonly cls: ClsService) {}

  async owner(): Promise<unknown> {
    await Promise.resolve();
    return this.cls.get<unknown>('instanceId') ?? null;
  }
}

@Controller()
@UseGuards(WixAuthGuard, ThrottlerGuard)
@UseInterceptors(TenantInterceptor)
class TenantsController {
  constructor(private readonly ledger: Ledger) {}

  @Get('owner')
  owner(): Promise<unknown> {
    return this.ledger.owner();
  }

  @Get('by-plan')
  @Throttle({ default: { limit: limitByPlan, ttl: 60_000 } })
  byPlan(): object {
    return {};
  }
}

@Module({
  imports: [
    WixAuthModule.forRoot(options),
    ClsModule.forRoot({ global: true, middleware: { mount: true } }),
    throttledByInstallation,
  ],
  controllers: [TenantsController],
  providers: [Ledger],
})
class TenantsModule {}

const app = await NestFactory.create(TenantsModule, { logger: ['error'] });
await app.listen(port, '127.0.0.1');
process.send?.({ ready: true });
