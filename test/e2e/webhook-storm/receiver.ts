import 'reflect-metadata';

import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

import { RedisEventLedger } from '../../../src/redis/redis-event.ledger.js';
import { EventLedger } from '../../../src/store/event-ledger.js';
import { OnWixEvent } from '../../../src/webhooks/events/on-wix-event.decorator.js';
import type { WixEvent } from '../../../src/webhooks/events/wix-event.js';
import { ledgerCredentials, STORM } from './ledger-credentials.js';
import { RedisConnections } from '../../support/redis-connections.js';
import { webhookModule } from '../webhook-app.js';
import { chanceOf } from './chance.js';
import { FileEventLedger } from './file-event-ledger.js';
import { HastyEventLedger } from './hasty-event-ledger.js';

/** What the process is told when it starts. */
export interface ReceiverSetup {
  readonly name: string;
  readonly appId: string;
  readonly publicKey: string;
  readonly port: number;
  readonly ledger: { readonly path: string } | { readonly redis: string };
  readonly successPath: string;
  readonly seed: number;
}

const [text = '{}'] = process.argv.slice(2);
const setup = JSON.parse(text) as ReceiverSetup;

async function openLedger(ledger: ReceiverSetup['ledger']): Promise<EventLedger> {
  if ('path' in ledger) return new FileEventLedger(ledger.path);
  return new RedisEventLedger(await new RedisConnections().open(ledger.redis), ledgerCredentials, STORM);
}

/** How often each piece of work was tried: each try has a chance of its own. */
const tries = new Map<string, number>();

function chanceOfTry(work: string): number {
  const number = (tries.get(work) ?? 0) + 1;
  tries.set(work, number);
  return chanceOf(setup.seed, setup.name, work, number);
}

async function work(handler: string, event: WixEvent): Promise<void> {
  const name = `${event.id ?? ''} ${handler}`;
  const chance = chanceOfTry(name);
  if (chance < 0.05) throw new Error('Bad luck.');
  if (chance < 0.06) await sleep(1_200);
  else if (chance < 0.2) await sleep((100 * (chance - 0.06)) / 0.14);
  appendFileSync(setup.successPath, `${name}\n`);
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

const webhooks = webhookModule(setup, {}, [
  { provide: EventLedger, useFactory: async () => new HastyEventLedger(await openLedger(setup.ledger), setup.name) },
]);

@Module({ imports: [webhooks], providers: [StormHandlers] })
class ReceiverModule {}

const nest = await NestFactory.create(ReceiverModule, new FastifyAdapter(), { logger: false });
await nest.listen(setup.port, '127.0.0.1');
process.send?.('listening');
