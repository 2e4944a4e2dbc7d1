import { createKeyv } from '@keyv/redis';
import { trustedInstanceId, WixTokenService } from 'nestjs-wix-auth';
import { WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { startInstallApp, type InstallApp } from '../support/install-app.js';
import { RedisServer, type RawRedisClient } from '../support/redis-server.js';

const STRANGERS = 40;
const SOME_ID = '12345678-1234-4234-8234-123456789012';

describe('Unknown callers at the install endpoints', () => {
  let redis: RedisServer;
  let client: RawRedisClient;
  let wix: WixEmulator;
  let app: EmulatedApp;
  let backend: InstallApp;

  beforeEach(async () => {
    redis = await RedisServer.start();
    client = await redis.client();
    wix = await WixEmulator.start();
    app = wix.addApp({ scopes: ['SCOPE.DC.MANAGE-YOUR-APP'] });
    backend = await startInstallApp(wix, app, {
      auth: { cache: { stores: [createKeyv(redis.url)] } },
      install: { customAuthentication: true },
    });
    app.redirectUrls = [backend.installs.addresses.redirectUrl];
  });

  afterEach(async () => {
    await backend.app.close();
    await wix.stop();
    await redis.stop();
  });

  /** Starts an installation: what anybody can do. */
  async function started(path: '' | 'app-url'): Promise<{ readonly state: string; readonly cookie: string }> {
    const url = path === '' ? backend.installs.installUrl() : backend.installs.addresses.appUrl;
    const { headers } = await fetch(url, { redirect: 'manual' });
    const location = new URL(headers.get('location') ?? '');
    const callback = new URL(location.searchParams.get('postInstallationUrl') ?? location);
    return {
      state: callback.searchParams.get('state') ?? '',
      cookie: headers.getSetCookie()[0]?.split(';')[0] ?? '',
    };
  }

  const callback = async (
    path: 'callback' | 'redirect',
    query: Record<string, string>,
    cookie = '',
  ): Promise<Response> =>
    fetch(`${backend.url}/wix/install/${path}?${new URLSearchParams(query).toString()}`, {
      headers: { cookie },
      redirect: 'manual',
    });

  const ids = { appId: '', instanceId: SOME_ID, tenantId: SOME_ID };

  it.each([
    ['nothing', () => ({})],
    ['a state that was made up', () => ({ state: 'x'.repeat(300), ...ids, appId: app.appId })],
    ['a state of their own and no cookie', ({ state }: { state: string }) => ({ state, ...ids, appId: app.appId })],
  ])('store nothing in Redis and cause no request by callbacks with %s', async (_what, query) => {
    const keys = await client.dbSize();
    for (let count = 0; count < STRANGERS; count += 1) await callback('callback', query(await started('')));

    expect([await client.dbSize(), wix.requests.length]).toEqual([keys, 0]);
  });

  it('store nothing in Redis and cause no request with their own cookie and no signature of an owner', async () => {
    const keys = await client.dbSize();
    for (let count = 0; count < STRANGERS; count += 1) {
      const { state, cookie } = await started('');
      const forged = { state, ...ids, appId: app.appId, signedInstance: `${'A'.repeat(43)}.e30` };
      expect((await callback('callback', forged, cookie)).status).toBe(400);
    }
    expect([await client.dbSize(), wix.requests.length]).toEqual([keys, 0]);
  });

  it('do not delay requests of the app by invented codes, and are limited in number', async () => {
    const install = wix.install(app, wix.addSite());
    const strangers = await Promise.all(Array.from({ length: STRANGERS }, () => started('app-url')));
    const outage = wix.fail('/oauth/access', { hang: true });
    const answers = strangers.map(({ state, cookie }, index) =>
      callback('redirect', { state, code: `invented-${String(index)}`, instanceId: SOME_ID }, cookie),
    );
    // Those beyond the limit are answered at once, and so is the app.
    const limited = await Promise.race(answers.map(async (answer) => (await answer).status));
    await backend.app.get(WixTokenService).accessTokenFor(trustedInstanceId(install.instanceId));
    const asked = wix.count('/oauth/access');
    outage.clear();

    expect(limited).toBe(503);
    expect(asked).toBeLessThanOrEqual(4);
    await Promise.all(answers);
  });
});
