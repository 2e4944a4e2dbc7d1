import 'reflect-metadata';

import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

import { EventLedger } from '../../../src/webhooks/event-ledger.js';
import { OnWixEvent } from '../../../src/webhooks/on-wix-event.decorator.js';
import type { WixEvent } from '../../../src/webhooks/wix-event.js';
import { webhookModule } from '../webhook-app.js';
import { FileEventLedger } from './file-event-ledger.js';

const [appId = '', publicKey = '', port = '', ledgerPath = '', successPath = ''] = process.argv.slice(2);

async function work(handler: string, event: WixEvent): Promise<void> {
  const chance = Math.random();
  if (chance < 0.05) throw new Error('Bad luck.');
  if (chance < 0.06) await sleep(1_200);
  else if (chance < 0.2) await sleep(100 * Math.random());
  appendFileSync(successPath, `${event.id ?? ''} ${handler}\n`);
}

@Injectable()
class StormHandlers {
  @OnWixEvent('storm_created')
  first(event: WixEvent): Promise<void> {
    return work('first', event);
  }

  @OnWixEvent('*')
  async second(event: WixEvent): Promise<void> {
    await work('second', event);
  }
}

const webhooks = webhookModule({ appId, publicKey }, {}, [
  { provide: EventLedger, useFactory: () => new FileEventLedger(ledgerPath) },
]);

@Module({ imports: [webhooks], providers: [StormHandlers] })
class ReceiverModule {}

const nest = await NestFactory.create(ReceiverModule, new FastifyAdapter(), { logger: false });
await nest.listen(Number(port), '127.0.0.1');
process.send?.('listening');
