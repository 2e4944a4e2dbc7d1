import { setTimeout as sleep } from 'node:timers/promises';

import { Controller, HttpException, Injectable, Post } from '@nestjs/common';
import { WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';

import { OnWixEvent } from '../../src/webhooks/events/on-wix-event.decorator.js';
import type { WixEvent } from '../../src/webhooks/events/wix-event.js';
import { platforms, startApp, type RunningApp } from '../support/running-app.js';
import { webhookModule } from './webhook-app.js';

const forgeries = [
  'another-key',
  'alg-none',
  'hs256',
  'stale',
  'expired',
  'future',
  'another-app',
  'another-issuer',
] as const;

interface Contact {
  readonly name: string;
}

/** Handlers that count, and fail or take their time when told to. */
@Injectable()
class Handlers {
  readonly log: string[] = [];
  failures = 0;
  slowness = 0;

  @OnWixEvent('AppInstalled')
  installed(event: WixEvent<'AppInstalled'>): void {
    this.log.push(`installed ${event.instanceId}`);
  }

  @OnWixEvent('AppRemoved')
  async removed(event: WixEvent<'AppRemoved'>): Promise<void> {
    await sleep(this.slowness);
    this.log.push(`removed ${event.instanceId}`);
  }

  @OnWixEvent('wix.contacts.v4.contact_created')
  created({ entity }: WixEvent<'wix.contacts.v4.contact_created', Contact>): void {
    this.failures -= 1;
    if (this.failures >= 0) throw new HttpException('A status of a handler is not the answer.', 400);
    this.log.push(`created ${entity?.name ?? ''}`);
  }

  @OnWixEvent('*')
  all({ type }: WixEvent): void {
    this.log.push(`seen ${type}`);
  }
}

@Controller('orders')
class OrdersController {
  @Post()
  place(): string {
    return 'placed';
  }
}

describe.each(platforms)('events of Wix on %s', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let install: EmulatedInstall;
  let running: RunningApp;
  let handlers: Handlers;
  let url: string;

  const start = async (options = {}): Promise<void> => {
    const parts = { imports: [webhookModule(app, options)], providers: [Handlers], controllers: [OrdersController] };
    running = await startApp(platform, parts);
    handlers = running.app.get(Handlers);
    url = `${running.url}/wix/webhooks`;
  };

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
    install = wix.install(app, wix.addSite());
  });
  afterEach(() => running.close());
  afterAll(() => wix.stop());

  it.each(['strings', 'objects'] as const)('reach their handlers, nested in %s', async (nesting) => {
    await start();
    const delivery = wix.send.webhook(install, url, { type: 'AppInstalled' }, { nesting });
    await expect(delivery.delivered).resolves.toBe(true);
    expect(handlers.log.sort()).toEqual([`installed ${install.instanceId}`, 'seen AppInstalled']);
  });

  it.each(forgeries)('reach no handler when they are forged: %s', async (forgery) => {
    await start();
    const { first } = wix.send.webhook(install, url, { type: 'AppInstalled' }, { forgery, retries: 0 });
    await expect(first).resolves.toMatchObject({ status: 401 });
    expect(handlers.log).toEqual([]);
  });

  it('are answered 500 until every handler has succeeded, and run only what failed', async () => {
    await start();
    handlers.failures = 2;
    const contact = { fqdn: 'wix.contacts.v4.contact', slug: 'created', entity: { name: 'Ann' } };
    const delivery = wix.send.domainEvent(install, url, contact);
    await expect(delivery.delivered).resolves.toBe(true);
    expect(delivery.attempts.map(({ status }) => status)).toEqual([500, 500, 200]);
    expect(handlers.log).toEqual(['seen wix.contacts.v4.contact_created', 'created Ann']);
  });

  it('are answered 503 after a second while handlers continue, and 200 when resent', async () => {
    await start();
    handlers.slowness = 1_300;
    const delivery = wix.send.webhook(install, url, { type: 'AppRemoved' }, { speed: 60 });
    await expect(delivery.delivered).resolves.toBe(true);
    expect(delivery.attempts.map(({ status }) => status)).toEqual([503, 200]);
    expect(handlers.log.filter((line) => line.startsWith('removed'))).toHaveLength(1);
  });

  it('are handled once when Wix sends them several times at once', async () => {
    await start();
    handlers.slowness = 20;
    const delivery = wix.send.webhook(install, url, { type: 'AppRemoved' }, { duplicates: 5 });
    await expect(delivery.delivered).resolves.toBe(true);
    await sleep(50);
    expect(handlers.log).toHaveLength(2);
  });

  it('are answered at once in the background mode, and finished before the application stops', async () => {
    await start({ mode: 'background' });
    handlers.slowness = 300;
    const delivery = wix.send.webhook(install, url, { type: 'AppRemoved' });
    await expect(delivery.first).resolves.toMatchObject({ status: 200 });
    expect(handlers.log).toEqual(['seen AppRemoved']);
    await running.app.close();
    expect(handlers.log).toEqual(['seen AppRemoved', `removed ${install.instanceId}`]);
  });
});
