import { jest } from '@jest/globals';
import KeyvRedis from '@keyv/redis';
import { Keyv } from 'keyv';
import {
  trustedInstanceId,
  WixAuthModule,
  WixGrantsService,
  WixIdentityService,
  WixTokenService,
} from 'nestjs-wix-auth';
import { emulatedOptions, WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';

import { RedisServer } from '../support/redis-server.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { TripProxy } from '../support/trip-proxy.js';
import { untilTrue } from '../support/until-true.js';

const SCOPES = ['SCOPE.DC-STORES.READ-PRODUCTS', 'SCOPE.DC-CONTACTS.MANAGE-CONTRIBUTORS'];
// Longer than a trip may take, which on a busy machine is half a second.
const LATE_MS = 600;
const RECOVERY_MS = 15_000;

describe('Round trips to Redis', () => {
  let redis: RedisServer;
  let proxy: TripProxy;
  let wix: WixEmulator;
  let app: EmulatedApp;
  let one: RunningApp;
  let other: RunningApp;

  beforeEach(async () => {
    redis = await RedisServer.start();
    proxy = await TripProxy.start(redis.port);
    wix = await WixEmulator.start();
    app = wix.addApp({ scopes: SCOPES });
    one = await start(proxy.url);
    other = await start(redis.url);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all([one.close(), other.close()]);
    await proxy.stop();
    await Promise.all([redis.stop(), wix.stop()]);
  });

  const start = (url: string): Promise<RunningApp> =>
    startApp('express', {
      imports: [
        WixAuthModule.forRoot({
          ...emulatedOptions(wix, app),
          cache: { stores: [new Keyv({ store: new KeyvRedis(url) })] },
        }),
      ],
    });
  const newInstall = (): EmulatedInstall => wix.install(app, wix.addSite(), { grants: SCOPES });
  const newUser = (install = newInstall()): string => wix.mint.userToken(install, install.site.addUser());
  const verify = (token: string, at = one) => at.app.get(WixIdentityService).verify(token);

  it('are two for a verification, two for a mint, and eight for a new caller', async () => {
    const tokens = one.app.get(WixTokenService);
    expect(await proxy.during(() => verify(newUser()))).toBeLessThanOrEqual(2);
    const site = trustedInstanceId(newInstall().instanceId);
    expect(await proxy.during(() => tokens.accessTokenFor(site))).toBeLessThanOrEqual(2);

    const trips = await proxy.during(async () => {
      const identity = await verify(newUser());
      await one.app.get(WixGrantsService).grantsOf(identity);
    });
    expect(trips).toBeLessThanOrEqual(8);
    expect(trips).toBeGreaterThan(2);
  });

  it('are one for what another process has obtained', async () => {
    const token = newUser();
    await verify(token, other);
    expect(await proxy.during(() => verify(token))).toBe(1);
  });

  it('are few while Redis is slow, soon zero, and some again after it has recovered', async () => {
    proxy.delayMs = LATE_MS;
    const caller = newUser();
    // Each of them is given up after a quarter of a second, and an operation has half a second; twice that when busy.
    expect(await proxy.during(() => verify(caller))).toBeLessThanOrEqual(2);
    const grants = async () => one.app.get(WixGrantsService).grantsOf(await verify(caller));
    expect(await proxy.during(grants)).toBeLessThanOrEqual(6);
    await untilTrue(() => proxy.isSilentDuring(() => verify(newUser())));

    // It recovers with no reply outstanding: the first one after that is not late any more.
    await proxy.delivered();
    proxy.delayMs = 0;
    const now = Date.now.bind(Date);
    jest.spyOn(Date, 'now').mockImplementation(() => now() + RECOVERY_MS);
    const token = newUser();
    expect(await proxy.during(() => verify(token))).toBeGreaterThan(0);
    wix.resetLog();
    await verify(token, other);
    expect(wix.count('/oauth2/token-info')).toBe(0);
  });
});
