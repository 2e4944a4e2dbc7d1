import type { IncomingMessage, ServerResponse } from 'node:http';

import { NestFactory } from '@nestjs/core';

import { AppModule } from './app.module.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function start(): Promise<Handler> {
  const app = await NestFactory.create(AppModule);
  await app.init();
  return app.getHttpAdapter().getInstance() as Handler; // Express
}

let started: Promise<Handler> | undefined; // by the first request; later ones find its caches

export default async function handler(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const handle = await (started ??= start());
  await new Promise((resolve) => {
    response.once('close', resolve);
    handle(request, response);
  });
}
