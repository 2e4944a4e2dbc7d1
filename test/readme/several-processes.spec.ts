import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { OnWixEvent, trustedInstanceId, WixTokenService, WixWebhookService, type WixEvent } from 'nestjs-wix-auth';
import { emulatedOptions, WixEmulator } from 'nestjs-wix-auth/testing';

import { RedisServer } from '../support/redis-server.js';
import { untilTrue } from '../support/until-true.js';
import { inEveryProcess } from './snippets/several-processes.js';
import { DeadLetters, withQueue } from './snippets/webhook-queue.js';

describe('The recipe for several processes', () => {
  let redis: RedisServer;
  let wix: WixEmulator;

  beforeEach(async () => {
    [redis, wix] = await Promise.all([RedisServer.start(), WixEmulator.start()]);
  });

  afterEach(async () => {
    await Promise.all([redis.stop(), wix.stop()]);
  });

  it('lets one process obtain what all of them use', async () => {
    const app = wix.addApp();
    const instanceId = trustedInstanceId(wix.install(app, wix.addSite()).instanceId);
    const start = () =>
      NestFactory.createApplicationContext(inEveryProcess(emulatedOptions(wix, app), redis.url), { logger: false });
    const processes = await Promise.all([start(), start()]);
    const tokens = await Promise.all(processes.map((one) => one.get(WixTokenService).accessTokenFor(instanceId)));
    await Promise.all(processes.map((one) => one.close()));

    expect(new Set(tokens.map(({ value }) => value)).size).toBe(1);
    expect(wix.count('/oauth2/token')).toBe(1);
  });

  it('stores webhooks in a queue until a process handles them', async () => {
    const app = wix.addApp();
    const install = wix.install(app, wix.addSite());
    const seen: string[] = [];

    @Injectable()
    class SiteLife {
      @OnWixEvent('AppInstalled')
      installed({ instanceId }: WixEvent<'AppInstalled'>): void {
        seen.push(instanceId);
      }
    }
    @Module({
      imports: [withQueue({ ...emulatedOptions(wix, app), publicKey: app.publicKey }, redis.url)],
      providers: [SiteLife, DeadLetters],
    })
    class QueueModule {}

    const running = await NestFactory.createApplicationContext(QueueModule, { logger: false });
    await running.get(WixWebhookService).receive(wix.send.webhookBody(install, { type: 'AppInstalled', data: {} }));
    await untilTrue(() => seen.length > 0);
    expect(seen).toEqual([install.instanceId]);
    expect(await running.get(DeadLetters).replayAllOf('AppInstalled')).toBe(0);
    await running.close();
  });
});
