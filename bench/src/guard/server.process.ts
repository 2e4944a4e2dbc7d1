import { applyDecorators, Controller, Get, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';

import { offer } from '../process/offer.js';
import { processorMs } from '../measuring/processor-time.js';
import type { GuardSettings } from './guard-settings.js';
import type { Protection } from './protection.js';

const protectionModules = {
  none: () => import('./protections/none.js'),
  constant: () => import('./protections/constant.js'),
  constantAgain: () => import('./protections/constant.js'),
  ours: () => import('./protections/ours.js'),
  oursRedis: () => import('./protections/ours-with-redis.js'),
  oursScoped: () => import('./protections/ours.js'),
  oursObserved: () => import('./protections/ours-observed.js'),
  oursRotating: () => import('./protections/ours.js'),
  passport: () => import('./protections/passport.js'),
  passportKey: () => import('./protections/passport.js'),
  sdk: () => import('./protections/sdk.js'),
};

const functions = {
  /** Starts the app and answers its address. */
  start: async (settings: GuardSettings): Promise<string> => {
    const { protection } = await protectionModules[settings.variant]();
    const adapter = settings.platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
    const app = await NestFactory.create(appBehind(protection(settings)), adapter, { logger: false });
    // Connections must outlast the turns of the others.
    Object.assign(app.getHttpServer() as object, { keepAliveTimeout: 600_000 });
    await app.listen(0, '127.0.0.1');
    return app.getUrl();
  },

  /** Frees what starting and the first requests left behind, which would slow down every later collection. */
  collectGarbage: () => globalThis.gc?.(),

  processorMs,
};

/** The functions that a server offers. */
export type ServerOffer = typeof functions;

function appBehind({ guards, metadata }: Protection): Type {
  @Controller('products')
  @applyDecorators(...guards)
  class ProductsController {
    @Get()
    list() {
      return { products: [{ id: 'p1', name: 'Roses', price: 12 }] };
    }
  }

  @Module({ ...metadata, controllers: [ProductsController] })
  class AppModule {}

  return AppModule;
}

offer(functions);
