import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { WixInstanceId } from 'nestjs-wix-auth';
import { WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';

import { compileInto, kill, startProcess } from '../support/compiled.js';
import { RedisServer } from '../support/redis-server.js';
import { openRefreshTokens, type RenewerSetup } from './install-processes/refresh-tokens.js';

describe('Fifty concurrent renewals in two processes', () => {
  const home = mkdtempSync(join(tmpdir(), 'renewals-'));
  const main = join(home, 'test/e2e/install-processes/renewer.js');
  let wix: WixEmulator;
  let app: EmulatedApp;
  let install: EmulatedInstall;
  let children: ChildProcess[] = [];

  beforeAll(() => compileInto(home, ['test/e2e/install-processes']));
  afterAll(() => rmSync(home, { recursive: true }));

  beforeEach(async () => {
    wix = await WixEmulator.start({ variants: { refreshTokens: 'rotated' } });
    app = wix.addApp();
    install = wix.install(app, wix.addSite());
  });

  afterEach(async () => {
    await Promise.all(children.map(kill));
    children = [];
    await wix.stop();
  });

  const consented = async (): Promise<string> => {
    const address = new URL('/installer/install', wix.url);
    app.redirectUrls = ['https://app.example.com/'];
    const fields = { appId: app.appId, redirectUrl: 'https://app.example.com/', siteId: install.site.siteId };
    await fetch(address, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
    const code = wix.installer.callbacks.at(-1)?.searchParams.get('code');
    const body = { grant_type: 'authorization_code', client_id: app.appId, client_secret: app.appSecret, code };
    const answer = await fetch(new URL('/oauth/access', wix.url), { method: 'POST', body: JSON.stringify(body) });
    return ((await answer.json()) as { refresh_token: string }).refresh_token;
  };

  async function renewFromTwoProcesses(store: RenewerSetup['store']): Promise<unknown[]> {
    const { appId, appSecret } = app;
    const setup = { apiUrl: wix.url, appId, appSecret, instanceId: install.instanceId, store };
    children = await Promise.all([startProcess(main, setup), startProcess(main, setup)]);
    return (await Promise.all(children.map((child) => renewals(child, 25)))).flat();
  }

  async function keep(store: RenewerSetup['store']): Promise<void> {
    const { appId, appSecret } = app;
    const { tokens, close } = openRefreshTokens({
      apiUrl: wix.url,
      appId,
      appSecret,
      instanceId: install.instanceId,
      store,
    });
    await tokens.keep(install.instanceId as WixInstanceId, await consented());
    await close();
    wix.resetLog();
  }

  function expectNothingLost(given: readonly unknown[]): void {
    expect(new Set(given).size).toBe(50);
    for (const token of given) expect(token).toMatch(/^OauthNG\.JWS\./);
    expect(wix.count('/oauth/access')).toBe(50);
    expect(wix.requests.every(({ status }) => status === 200)).toBe(true);
  }

  it('loses no token stored in files', async () => {
    const store = { folder: join(home, 'tokens') };
    await keep(store);
    expectNothingLost(await renewFromTwoProcesses(store));
    expectNothingLost(await renewAgain());
  });

  it('loses no token stored in Redis', async () => {
    const redis = await RedisServer.start();
    try {
      const store = { redis: redis.url };
      await keep(store);
      expectNothingLost(await renewFromTwoProcesses(store));
    } finally {
      await redis.stop();
    }
  });

  async function renewAgain(): Promise<unknown[]> {
    wix.resetLog();
    return (await Promise.all(children.map((child) => renewals(child, 25)))).flat();
  }
});

async function renewals(child: ChildProcess, times: number): Promise<unknown[]> {
  const said = once(child, 'message');
  child.send({ times });
  const [given] = (await said) as [unknown[]];
  return given;
}
