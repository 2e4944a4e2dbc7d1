import { ValidationPipe, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { wixCorsOptions } from 'nestjs-wix-auth';

import { apiDocument } from './api-document.js';
import { AppModule } from './app.module.js';

export async function createApp(platform: 'express' | 'fastify'): Promise<INestApplication> {
  const adapter = platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
  const app = await NestFactory.create(AppModule, adapter);
  app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true }));
  app.enableCors(wixCorsOptions({ origin: /\.wix(site|studio)?\.com$|\.wix\.run$/ }));
  app.enableShutdownHooks();
  // On Fastify, the page of Swagger UI would need @fastify/static.
  SwaggerModule.setup('docs', app, apiDocument(app), { ui: platform === 'express', jsonDocumentUrl: 'openapi.json' });
  return app;
}
