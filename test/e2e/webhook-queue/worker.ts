import 'reflect-metadata';

import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { createKeyv } from '@keyv/redis';
import { BullModule } from '@nestjs/bullmq';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { EventLedger, OnWixEvent, WixAuthModule, WixEventQueue, type WixEvent } from 'nestjs-wix-auth';
import { bullMqEventQueue } from 'nestjs-wix-auth/bullmq';

import { AppCredentials } from '../../../src/core/app-credentials.js';
import { RedisEventLedger } from '../../../src/redis/redis-event.ledger.js';
import { deferred } from '../../support/deferred.js';
import { RedisConnections } from '../../support/redis-connections.js';
import { HastyEventLedger } from '../webhook-storm/hasty-event-ledger.js';
import type { WorkerOrder, WorkerReport, WorkerSetup } from './orders.js';

const [text = '{}'] = process.argv.slice(2);
const setup = JSON.parse(text) as WorkerSetup;
const {
  redis,
  work,
  concurrency,
  attempts = 3,
  waits = false,
  audits = false,
  slowMs = 0,
  finishedPath,
  ...options
} = setup;

const finish = deferred<undefined>();
const failing = new Set<string>();
const report = (what: WorkerReport): void => void process.send?.(what);

async function write(line: string): Promise<void> {
  if (slowMs > 0) await sleep(slowMs * Math.random());
  appendFileSync(finishedPath, `${line}\n`);
  if (slowMs > 0) await sleep(slowMs * Math.random());
}

@Injectable()
class Orders {
  @OnWixEvent('thing_created')
  async take({ id = '', instanceId }: WixEvent): Promise<void> {
    report({ began: id });
    if (failing.has(id)) throw new TypeError('password=hunter2');
    if (waits) await finish.promise;
    await write(`${instanceId} ${id}`);
  }
}

@Injectable()
class Audit {
  @OnWixEvent('*')
  async take({ id = '', instanceId }: WixEvent): Promise<void> {
    await write(`${instanceId} ${id} audit`);
  }
}

@Module({
  imports: [
    BullModule.forRoot({ connection: { url: redis } }),
    WixAuthModule.forRoot({
      ...options,
      cache: { stores: [createKeyv(redis)] },
      webhooks: {
        mode: 'queue',
        queue: { work, attempts, firstRetryMs: 20, ...(concurrency !== undefined && { concurrency }) },
      },
      imports: [BullModule.registerQueue({ name: 'wix-events' })],
      providers: [
        // As by default, only that what a process held ends sooner after its death.
        bullMqEventQueue('wix-events', { lockDuration: 1_000, stalledInterval: 500 }),
        {
          provide: EventLedger,
          useFactory: async () => {
            const connection = await new RedisConnections().open(redis);
            const app = new AppCredentials(setup.appId, [setup.appSecret]);
            return new HastyEventLedger(new RedisEventLedger(connection, app, setup.apiUrl), String(process.pid));
          },
        },
      ],
    }),
  ],
  providers: [Orders, ...(audits ? [Audit] : [])],
})
class WorkerModule {}

const app = await NestFactory.create(WorkerModule, new FastifyAdapter(), { logger: ['warn', 'error'] });

async function answer(order: WorkerOrder): Promise<void> {
  if (order === 'finish') {
    finish.resolve(undefined);
    return;
  }
  const queue = app.get(WixEventQueue);
  if ('fail' in order) {
    failing.clear();
    for (const id of order.fail) failing.add(id);
    report({ answer: 'failing' });
    return;
  }
  report({ answer: order.ask === 'dead' ? await queue.deadLetters() : await queue.replay(order.id) });
}

process.on('message', (order: WorkerOrder) => void answer(order));
app.enableShutdownHooks();
await app.listen(0, '127.0.0.1');
report({ url: await app.getUrl() });
