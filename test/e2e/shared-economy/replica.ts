import 'reflect-metadata';

import { createKeyv } from '@keyv/redis';
import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  trustedInstanceId,
  WixAuthGuard,
  WixAuthModule,
  WixClock,
  WixGrantsService,
  WixIdentityService,
  WixInstanceAuth,
  WixTokenService,
  type WixAccessToken,
} from 'nestjs-wix-auth';

import type { ReplicaOrder, ReplicaReply, ReplicaSetup } from './orders.js';

const [text = '{}'] = process.argv.slice(2);
const { nowMs: startMs, redis, ...options } = JSON.parse(text) as ReplicaSetup;

/** The time the test tells, or the real one. */
class ToldClock extends WixClock {
  toldMs = startMs;

  override nowMs(): number {
    return this.toldMs ?? Date.now();
  }
}

const clock = new ToldClock();

@Controller()
class RoutesController {
  @Get('anyone')
  @UseGuards(WixAuthGuard)
  anyone() {
    return {};
  }

  @Get('granted')
  @WixInstanceAuth({ allow: ['user'], scopes: ['SCOPE.DC-STORES.READ-PRODUCTS'] })
  granted() {
    return {};
  }

  @Get('lacking')
  @WixInstanceAuth({ allow: ['user'], scopes: ['SCOPE.DC-STORES.READ-ORDERS'] })
  lacking() {
    return {};
  }
}

@Module({
  imports: [
    WixAuthModule.forRoot({
      ...options,
      cache: { stores: [createKeyv(redis)] },
      providers: [{ provide: WixClock, useValue: clock }],
    }),
  ],
  controllers: [RoutesController],
})
class ReplicaModule {}

const app = await NestFactory.create(ReplicaModule, new FastifyAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
const tokens = app.get(WixTokenService);
const identities = app.get(WixIdentityService);
const grants = app.get(WixGrantsService);

/** The token that each installation's caller was given last: the one that Wix may refuse. */
const given = new Map<string, WixAccessToken>();

async function tokenOf(instanceId: string, forceRefresh = false): Promise<string> {
  const token = await tokens.accessTokenFor(trustedInstanceId(instanceId), { forceRefresh });
  given.set(instanceId, token);
  return token.value;
}

/** The different tokens that so many callers at once get for each instance. */
async function take(instanceIds: readonly string[], callers: number): Promise<readonly string[]> {
  const calls = instanceIds.flatMap((id) => Array.from({ length: callers }, () => tokenOf(id)));
  return [...new Set(await Promise.all(calls))];
}

async function verified(credential: string): Promise<string> {
  return identities.verify(credential).then(
    () => 'good',
    (error: unknown) => (error as { readonly code?: string }).code ?? 'unexpected',
  );
}

// Not what is current when the order arrives: another process may have replaced the refused token by then.
async function invalidate(instanceId: string): Promise<void> {
  const refused = given.get(instanceId);
  if (refused !== undefined) await tokens.invalidate(refused);
}

async function forget(instance: string): Promise<void> {
  const id = trustedInstanceId(instance);
  await Promise.all([tokens.forget(id), identities.forget(id), grants.forget(id)]);
}

/** Asks for everything at a moment, as traffic would. */
async function tick(nowMs: number, instance: string, credential: string): Promise<readonly string[]> {
  clock.toldMs = nowMs;
  const [taken, answer] = await Promise.all([take([instance], 20), verified(credential)]);
  return [...taken, answer];
}

async function obey(order: ReplicaOrder): Promise<unknown> {
  switch (order.do) {
    case 'take':
      return take(order.instanceIds, order.callers);
    case 'invalidate':
      return invalidate(order.instanceId);
    case 'forget':
      return forget(order.instanceId);
    case 'refuse':
      return identities.refuseSignedBefore(trustedInstanceId(order.instanceId), order.beforeMs);
    case 'verify':
      return verified(order.credential);
    case 'kept':
      return identities.cached(order.credential) !== undefined;
    case 'grants':
      return [...(await grants.appGrants(trustedInstanceId(order.instanceId))).ids];
    case 'tick':
      return tick(order.nowMs, order.instanceId, order.credential);
    case 'tell time':
      clock.toldMs = order.nowMs;
      return undefined;
    case 'close':
      return app.close().then(() => process.disconnect());
  }
}

process.on('message', ({ number, order }: { readonly number: number; readonly order: ReplicaOrder }) => {
  void obey(order).then(
    (value) => process.connected && process.send?.({ number, value } satisfies ReplicaReply),
    (error: unknown) => process.send?.({ number, error: String(error) } satisfies ReplicaReply),
  );
});
process.send?.({ url: await app.getUrl() });
