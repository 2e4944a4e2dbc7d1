import 'reflect-metadata';

import KeyvRedis, { createKeyv, createKeyvNonBlocking } from '@keyv/redis';
import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Keyv } from 'keyv';
import { WixAuthGuard, WixAuthModule, type WixAuthOptions } from 'nestjs-wix-auth';

import { CapturedLogs } from '../../support/captured-logs.js';
import type { GuardedAppOrder, GuardedAppSetup, GuardedAppTroubles, StoreKind } from './orders.js';

const [text = '{}'] = process.argv.slice(2);
const { redis, kind, ...options } = JSON.parse(text) as GuardedAppSetup;

const stores: Record<StoreKind, (url: string) => Keyv[]> = {
  createKeyv: (url) => [createKeyv(url)],
  createKeyvNonBlocking: (url) => [createKeyvNonBlocking(url)],
  'in a namespace': (url) => [new Keyv({ store: new KeyvRedis(url), namespace: 'one' })],
  'createKeyv in a namespace': (url) => [createKeyv(url, { namespace: 'two' })],
  'behind memory': (url) => [new Keyv(), createKeyv(url)],
  'by options': (url) => [new Keyv({ store: new KeyvRedis({ url }) })],
  'RESP 3': (url) => [createKeyv({ url, RESP: 3 })],
};

const cache: Pick<WixAuthOptions, 'cache'> = redis === undefined ? {} : { cache: { stores: stores[kind](redis) } };
const logs = new CapturedLogs();
const troubles: { warnings: string[]; rejections: string[] } = { warnings: [], rejections: [] };
process.on('warning', (warning) => troubles.warnings.push(String(warning)));
process.on('unhandledRejection', (reason) => troubles.rejections.push(String(reason)));
process.on('uncaughtException', (error) => troubles.rejections.push(String(error)));

@Controller()
class RouteController {
  @Get('anyone')
  @UseGuards(WixAuthGuard)
  anyone() {
    return {};
  }
}

@Module({ imports: [WixAuthModule.forRoot({ ...options, ...cache })], controllers: [RouteController] })
class GuardedModule {}

const startMs = performance.now();
const app = await NestFactory.create(GuardedModule, new FastifyAdapter(), { logger: logs });
await app.listen(0, '127.0.0.1');
const startedMs = performance.now() - startMs;

const now = Date.now;

function told(): GuardedAppTroubles {
  const said = (level: string): string[] => logs.of(level, 'WixAuthModule').filter((line) => line.includes('store'));
  return { ...troubles, warned: said('warn'), informed: said('log'), failed: said('error'), dump: logs.dump };
}

async function close(): Promise<void> {
  const closing = performance.now();
  await app.close();
  process.send?.(performance.now() - closing);
  // From here on nothing may keep this process alive.
  process.disconnect();
}

process.on('message', (order: GuardedAppOrder) => {
  if (order.do === 'tell') process.send?.(told());
  if (order.do === 'close') void close();
  if (order.do === 'wait') {
    // Who waits for the time by the clock, such as a circuit breaker, has waited so long.
    const passedMs = Date.now() - now() + order.ms;
    Date.now = () => now() + passedMs;
    process.send?.({});
  }
});
process.send?.({ url: await app.getUrl(), startedMs });
