import { createKeyv } from '@keyv/redis';
import { OnWixEvent, trustedInstanceId, WixAuthModule, WixGrantsService, WixTokenService } from 'nestjs-wix-auth';
import { WixIdentityService, WixWebhookService, type WixEvent } from 'nestjs-wix-auth';
import { emulatedOptions, WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';

import { RedisServer, type RawRedisClient } from '../support/redis-server.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { untilTrue } from '../support/until-true.js';

// As the guide on several processes lists them.
const COMMANDS = 'GET GETRANGE STRLEN EXISTS SET DEL EVAL XADD XREAD XREVRANGE PEXPIRE INFO'.split(' ');
const KEYS = '~{wix-auth:*';
const PASSWORD = 'password-of-the-user';

class Handlers {
  readonly seen: string[] = [];

  @OnWixEvent('*')
  see({ type }: WixEvent): void {
    this.seen.push(type);
  }
}

describe('A Redis user with only the permissions in the guide', () => {
  let redis: RedisServer;
  let client: RawRedisClient;
  let wix: WixEmulator;
  let app: EmulatedApp;
  let install: EmulatedInstall;

  beforeEach(async () => {
    [redis, wix] = await Promise.all([RedisServer.start(), WixEmulator.start()]);
    app = wix.addApp();
    install = wix.install(app, wix.addSite());
    client = await redis.client();
    const may = COMMANDS.map((command) => `+${command.toLowerCase()}`);
    // How a client tells its name and version is no business of ours.
    const rules = ['on', `>${PASSWORD}`, 'resetkeys', KEYS, 'resetchannels', '-@all', '+@connection', ...may];
    await client.sendCommand(['ACL', 'SETUSER', 'limited', ...rules]);
    await client.sendCommand(['ACL', 'LOG', 'RESET']);
  });
  afterEach(() => Promise.all([redis.stop(), wix.stop()]));

  const start = (): Promise<RunningApp> =>
    startApp('express', {
      imports: [
        WixAuthModule.forRoot({
          ...emulatedOptions(wix, app),
          publicKey: app.publicKey,
          cache: { stores: [createKeyv(`redis://limited:${PASSWORD}@127.0.0.1:${String(redis.port)}`)] },
          webhooks: {},
        }),
      ],
      providers: [Handlers],
    });
  const refusals = (): Promise<readonly unknown[]> => client.sendCommand<unknown[]>(['ACL', 'LOG']);

  it('can run an application from start to stop', async () => {
    const [one, other] = [await start(), await start()];
    const site = trustedInstanceId(install.instanceId);
    const token = wix.mint.userToken(install, install.site.owner);
    for (const { app: process } of [one, other]) {
      await process.get(WixIdentityService).verify(token);
      await process.get(WixGrantsService).appGrants(site);
    }
    const kept = await one.app.get(WixTokenService).accessTokenFor(site);
    await one.app.get(WixTokenService).invalidate(kept);
    await one.app.get(WixWebhookService).receive(wix.send.webhookBody(install, { type: 'AppInstalled' }));
    await other.app.get(WixIdentityService).forget(site);
    await untilTrue(() => one.app.get(WixIdentityService).cached(token) === undefined);
    await one.close();
    await other.close();

    expect(await refusals()).toEqual([]);
    expect(await client.dbSize()).toBeGreaterThan(3);
  });
});
