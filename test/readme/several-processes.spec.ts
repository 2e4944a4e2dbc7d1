import { NestFactory } from '@nestjs/core';
import { trustedInstanceId, WixTokenService } from 'nestjs-wix-auth';
import { emulatedOptions, WixEmulator } from 'nestjs-wix-auth/testing';

import { RedisServer } from '../support/redis-server.js';
import { inEveryProcess } from './snippets/several-processes.js';

describe('The recipe for several processes', () => {
  let redis: RedisServer;
  let wix: WixEmulator;

  beforeEach(async () => {
    [redis, wix] = await Promise.all([RedisServer.start(), WixEmulator.start()]);
  });

  afterEach(async () => {
    await Promise.all([redis.stop(), wix.stop()]);
  });

  it('lets one of them obtain what all of them use', async () => {
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
});
