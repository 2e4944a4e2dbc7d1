import { createKeyv } from '@keyv/redis';
import { Injectable, Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { OnWixEvent, WixAuthModule, WixIdentityService, WixWebhookService, type WixEvent } from 'nestjs-wix-auth';
import { emulatedOptions, WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';

import { RecentInstallations } from '../../src/identity/introspection/recent-installations.js';
import { codeOf } from '../support/code-of.js';
import { RedisServer } from '../support/redis-server.js';
import { untilTrue } from '../support/until-true.js';

@Injectable()
class SiteLife {
  readonly seen: string[] = [];

  @OnWixEvent('*')
  see({ type }: WixEvent): void {
    this.seen.push(type);
  }
}

describe('Webhooks of an app whose two processes have Redis as their cache', () => {
  let redis: RedisServer;
  let wix: WixEmulator;
  let app: EmulatedApp;
  let install: EmulatedInstall;
  let processes: readonly [INestApplicationContext, INestApplicationContext];

  const start = (): Promise<INestApplicationContext> => {
    @Module({
      imports: [
        WixAuthModule.forRoot({
          ...emulatedOptions(wix, app),
          publicKey: app.publicKey,
          cache: { stores: [createKeyv(redis.url)] },
          webhooks: {},
        }),
      ],
      providers: [SiteLife],
    })
    class AppModule {}

    return NestFactory.createApplicationContext(AppModule, { logger: false });
  };

  const take = (at: INestApplicationContext, body: string): Promise<void> => at.get(WixWebhookService).receive(body);
  // As Wix does, which sends an event again when it was told that a handler, or Redis, takes long.
  const delivered = (to: INestApplicationContext, body: string): Promise<void> =>
    untilTrue(async () => (await codeOf(() => take(to, body))) === 'none');
  const seen = (): string[] => processes.flatMap((one) => one.get(SiteLife).seen);

  beforeEach(async () => {
    [redis, wix] = await Promise.all([RedisServer.start(), WixEmulator.start()]);
    app = wix.addApp();
    install = wix.install(app, wix.addSite());
    processes = await Promise.all([start(), start()]);
  });

  afterEach(async () => {
    await Promise.all(processes.map((one) => one.close()));
    await Promise.all([redis.stop(), wix.stop()]);
  });

  it('run their handlers once, whichever process they reach', async () => {
    const bodies = Array.from({ length: 20 }, (_, number) =>
      wix.send.webhookBody(install, { type: 'AppInstalled', data: { number } }),
    );
    const deliverAll = (to: INestApplicationContext) => bodies.map((body) => delivered(to, body));
    await Promise.all(processes.flatMap(deliverAll));

    expect(seen()).toHaveLength(20);
  });

  it('make their installation a known one for processes that start later, unless they report its removal', async () => {
    const removed = wix.install(app, wix.addSite());
    await delivered(processes[0], wix.send.webhookBody(removed, { type: 'AppRemoved' }));
    await delivered(processes[0], wix.send.webhookBody(install, { type: 'AppInstalled' }));
    await processes[1].close();
    const later = await start();
    processes = [processes[0], later];
    const knows = ({ instanceId }: EmulatedInstall): Promise<boolean> =>
      later.get(RecentInstallations, { strict: false }).isKnown(instanceId);

    await untilTrue(() => knows(install));
    expect(await knows(removed)).toBe(false);
  });

  it('make every process refuse what was signed before a removal', async () => {
    const before = wix.mint.signedInstance(install, { user: install.site.owner });
    const [one, other] = processes;
    await delivered(one, wix.send.webhookBody(install, { type: 'AppRemoved' }));

    const code = (): Promise<unknown> => codeOf(() => other.get(WixIdentityService).verify(before));
    await untilTrue(async () => (await code()) === 'WIX_CREDENTIALS_REJECTED');
    expect(seen()).toEqual(['AppRemoved']);
  });

  it('are answered with an error while Redis is away, so that Wix sends them again', async () => {
    await redis.kill();
    const delivery = take(processes[0], wix.send.webhookBody(install, { type: 'AppInstalled' }));

    await expect(delivery).rejects.toMatchObject({ status: 503 });
    expect(seen()).toEqual([]);
  });
});
