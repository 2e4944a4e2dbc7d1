import assert from 'node:assert/strict';

import { Controller, Get, Injectable, Module, Scope, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { UserGrants, WixAuthModule, type WixAuthOptions } from 'nestjs-wix-auth';

@Injectable({ scope: Scope.REQUEST })
class TenantContext {}

@Module({ providers: [TenantContext], exports: [TenantContext] })
class TenantModule {}

@Injectable()
class TenantGrants {
  constructor(readonly tenant: TenantContext) {}
}

@Controller()
class SecretController {
  @Get()
  secret(): string {
    return 'secret';
  }
}

const options: WixAuthOptions = {
  appId: 'a1111111-2222-4333-8444-55555555555f',
  appSecret: 'c0ffee00-5ec7-4e75-8bad-f00dc0ffee00',
};

const grantsPerRequest = (globalGuard: boolean): DynamicModule =>
  WixAuthModule.forRoot({
    ...options,
    globalGuard,
    imports: [TenantModule],
    providers: [{ provide: UserGrants, useClass: TenantGrants }],
  });

const optionsPerRequest = (globalGuard: boolean): DynamicModule =>
  WixAuthModule.forRootAsync({
    globalGuard,
    imports: [TenantModule],
    inject: [TenantContext],
    useFactory: () => options,
  });

/** Starts apps with parts that Nest would make anew for every request; throws when one is not refused by us. */
export async function checkRequestScopes(): Promise<void> {
  for (const globalGuard of [true, false]) {
    const grants = /UserGrants \(TenantGrants\) depends on TenantContext, which is request-scoped/;
    await assert.rejects(started(grantsPerRequest(globalGuard)), grants);
    const factory = /The factory of the options depends on TenantContext, which is request-scoped/;
    await assert.rejects(started(optionsPerRequest(globalGuard)), factory);
  }
}

async function started(registration: DynamicModule): Promise<void> {
  const module = { module: class AppModule {}, imports: [registration], controllers: [SecretController] };
  const app = await NestFactory.create(module, { logger: false, abortOnError: false });
  await app.listen(0, '127.0.0.1').finally(() => app.close());
}
