import { trustedInstanceId, WixGrantsService, WixIdentityService, WixTokenService } from 'nestjs-wix-auth';
import { WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { deferred, type Deferred } from '../support/deferred.js';
import { APP_INSTANCE, READ_PRODUCTS, siteWith, TOKEN, TOKEN_INFO } from '../support/emulated-site.js';
import { FakeClock } from '../support/fake-clock.js';
import { call, platforms, type RunningApp } from '../support/running-app.js';
import { startStore } from '../support/store-app.js';

const HOUR_MS = 3_600_000;

describe.each(platforms)('Late responses of Wix, on %s', (platform) => {
  const clock = new FakeClock();
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;

  beforeAll(async () => {
    wix = await WixEmulator.start({ now: () => clock.nowMs() });
    app = wix.addApp();
    running = await startStore(platform, wix, app, { clock });
  });
  afterEach(() => {
    wix.clearFaults();
    wix.resetLog();
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  const get = (path: string, token: string) => call(`${running.url}/${path}`, token);
  const tokens = () => running.app.get(WixTokenService, { strict: false });
  const identities = () => running.app.get(WixIdentityService, { strict: false });
  const grants = () => running.app.get(WixGrantsService, { strict: false });

  /** Holds back the next answer from a path until the gate is opened. */
  function held(path: string): Deferred<undefined> {
    const gate = deferred<undefined>();
    wix.fail(path, { until: gate.promise, times: 1 });
    return gate;
  }

  it('about the caller are not cached after forget', async () => {
    const { install, ownerToken } = siteWith(wix, app);
    const token = ownerToken();
    const gate = held(TOKEN_INFO);
    const early = get('anyone', token);
    await wix.waitFor(TOKEN_INFO);
    await identities().forget(trustedInstanceId(install.instanceId));
    wix.revoke(token);
    gate.resolve(undefined);
    expect(await early).toMatchObject({ status: 200 });
    expect(await get('anyone', token)).toMatchObject({ status: 401, body: { code: 'WIX_CREDENTIALS_REJECTED' } });
    expect(wix.count(TOKEN_INFO)).toBe(2);
  });

  it('are not shared with callers that come after forget', async () => {
    const { install, ownerToken } = siteWith(wix, app);
    const token = ownerToken();
    const gate = held(TOKEN_INFO);
    const early = get('anyone', token);
    await wix.waitFor(TOKEN_INFO);
    await identities().forget(trustedInstanceId(install.instanceId));
    wix.revoke(token);
    expect(await get('anyone', token)).toMatchObject({ status: 401 });
    gate.resolve(undefined);
    expect(await early).toMatchObject({ status: 200 });
  });

  it("about the app's grants are not cached after forget", async () => {
    const { install, appToken } = siteWith(wix, app, READ_PRODUCTS);
    const token = appToken();
    const gate = held(APP_INSTANCE);
    const early = get('instance', token);
    await wix.waitFor(APP_INSTANCE);
    install.setGrants([]);
    await grants().forget(trustedInstanceId(install.instanceId));
    gate.resolve(undefined);
    expect(await early).toMatchObject({ status: 200 });
    expect(await get('instance', token)).toMatchObject({ status: 403, body: { code: 'WIX_SCOPE_MISSING' } });
  });

  it('with a token, are not cached after forget', async () => {
    const instanceId = trustedInstanceId(siteWith(wix, app).install.instanceId);
    const gate = held(TOKEN);
    const early = tokens().accessTokenFor(instanceId);
    await wix.waitFor(TOKEN);
    await tokens().forget(instanceId);
    const late = await tokens().accessTokenFor(instanceId);
    gate.resolve(undefined);
    expect((await early).value).not.toBe(late.value);
    expect(await tokens().accessTokenFor(instanceId)).toBe(late);
    expect(wix.count(TOKEN)).toBe(2);
  });

  it('with a token, are not cached after the token to be renewed was invalidated', async () => {
    const instanceId = trustedInstanceId(siteWith(wix, app).install.instanceId);
    const cached = await tokens().accessTokenFor(instanceId);
    clock.advance(4 * HOUR_MS - 200_000);
    const gate = held(TOKEN);
    expect(await tokens().accessTokenFor(instanceId)).toBe(cached);
    await wix.waitFor(TOKEN, { times: 2 });
    await tokens().invalidate(cached);
    const fresh = await tokens().accessTokenFor(instanceId);
    gate.resolve(undefined);
    await settled(TOKEN);
    expect(await tokens().accessTokenFor(instanceId)).toBe(fresh);
    expect(wix.count(TOKEN)).toBe(3);
  });

  it('with a token, are not joined by callers with forceRefresh', async () => {
    const instanceId = trustedInstanceId(siteWith(wix, app).install.instanceId);
    const gate = held(TOKEN);
    const early = tokens().accessTokenFor(instanceId);
    await wix.waitFor(TOKEN);
    const fresh = await tokens().accessTokenFor(instanceId, { forceRefresh: true });
    gate.resolve(undefined);
    expect((await early).value).not.toBe(fresh.value);
    expect(await tokens().accessTokenFor(instanceId)).toBe(fresh);
  });

  /** Waits until every request to a path has been answered, and the answer read. */
  async function settled(path: string): Promise<void> {
    await Promise.all(wix.requests.filter((request) => request.path === path).map((request) => request.settled));
    await call(`${running.url}/anyone`);
  }
});
