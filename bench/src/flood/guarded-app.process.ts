import { monitorEventLoopDelay } from 'node:perf_hooks';

import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { WixAuthModule, WixUserAuth, type WixAuthOptions } from 'nestjs-wix-auth';

import type { EmulatedSettings } from '../emulator/emulated-settings.js';
import { processorMs } from '../measuring/processor-time.js';
import { offer } from '../process/offer.js';

/** The resources that the process uses. */
export interface Consumption {
  readonly heapBytes: number;
  readonly rssBytes: number;
  /** Since the last measurement. */
  readonly loopDelayP99Ms: number;
  /** Sockets, timers and other things that hold the process open. */
  readonly openHandles: number;
}

const loopDelay = monitorEventLoopDelay({ resolution: 5 });
loopDelay.enable();

@Controller()
class ProductsController {
  @Get('products')
  @WixUserAuth()
  list() {
    return { products: [] };
  }
}

const functions = {
  /** Starts an app with one guarded route, and answers the route's address. */
  start: async (settings: EmulatedSettings, verification: NonNullable<WixAuthOptions['verification']>) => {
    @Module({ imports: [WixAuthModule.forRoot({ ...settings, verification })], controllers: [ProductsController] })
    class AppModule {}

    const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    return `${await app.getUrl()}/products`;
  },

  processorMs,

  consumption: (): Consumption => {
    const loopDelayP99Ms = loopDelay.percentile(99) / 1e6;
    loopDelay.reset();
    globalThis.gc?.();
    const { heapUsed, rss } = process.memoryUsage();
    return { heapBytes: heapUsed, rssBytes: rss, loopDelayP99Ms, openHandles: process.getActiveResourcesInfo().length };
  },
};

/** The functions that the guarded app offers. */
export type GuardedAppOffer = typeof functions;

offer(functions);
