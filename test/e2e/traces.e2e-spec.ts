import { onWixTrace, WixHttpService, trustedInstanceId } from 'nestjs-wix-auth';
import { WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';
import { lastValueFrom } from 'rxjs';

import { APP_INSTANCE, MANAGE_PRODUCTS, READ_PRODUCTS, siteWith, TOKEN, TOKEN_INFO } from '../support/emulated-site.js';
import { deliver, EventWork, observedModule, startObserved } from '../support/observed-app.js';
import { RecordedTraces } from '../support/recorded-traces.js';
import { call, platforms, type RunningApp } from '../support/running-app.js';

describe.each(platforms)('Traces of an app on %s', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;
  let traces: RecordedTraces;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
  });
  beforeEach(async () => {
    running = await startObserved(platform, observedModule(wix, app));
    traces = new RecordedTraces();
  });
  afterEach(async () => {
    traces.stop();
    wix.clearFaults();
    await running.close();
  });
  afterAll(() => wix.stop());

  const shop = (path: string, credential?: string) => call(`${running.url}/shop/${path}`, credential);

  it('show the source of an answer: Wix at first, then memory', async () => {
    const { ownerToken, install } = siteWith(wix, app, READ_PRODUCTS);
    const token = ownerToken();
    const { appId } = app;
    const { instanceId } = install;
    expect((await shop('products/1', token)).status).toBe(200);
    expect(traces.over('verify')).toEqual([
      {
        appId,
        credentialType: 'access-token',
        from: 'wix',
        identityType: 'user',
        instanceId,
        outcome: 'success',
        tookMs: expect.any(Number) as number,
      },
    ]);
    expect(traces.over('grants')).toMatchObject([{ appId, kind: 'app', from: 'wix', instanceId, outcome: 'success' }]);
    expect(traces.over('mint')).toMatchObject([{ appId, kind: 'app', from: 'wix', instanceId, isAhead: false }]);
    expect(traces.over('call').map(({ path }) => path)).toEqual([TOKEN_INFO, TOKEN, APP_INSTANCE]);
    expect(traces.over('call')).toMatchObject([{ by: 'module', status: 200, attempts: 1, outcome: 'success' }, {}, {}]);

    traces.clear();
    expect((await shop('products/2', token)).status).toBe(200);
    expect(traces.over('verify')).toMatchObject([{ from: 'memory', tookMs: 0 }]);
    expect(traces.over('grants')).toMatchObject([{ from: 'memory', tookMs: 0 }]);
    expect(traces.over('call')).toEqual([]);
  });

  it('show every decision with its route, and the reason for a refusal', async () => {
    const { userToken, ownerToken, install, visitorToken } = siteWith(wix, app, READ_PRODUCTS, MANAGE_PRODUCTS);
    const owner = ownerToken();
    await shop('manage/1', owner);
    await shop('manage/2', owner);
    await shop('manage/3', userToken('none'));
    await shop('manage/4', visitorToken());
    await shop('manage/5');
    const { appId } = app;
    const { instanceId } = install;
    const base = { appId, route: 'GET /shop/manage/:id', handler: 'ShopController.manage' };
    const user = { identityType: 'user', instanceId };
    expect(traces.over('decision')).toMatchObject([
      { ...base, ...user, isCached: false, outcome: 'success' },
      { ...base, ...user, isCached: true, outcome: 'success', tookMs: 0 },
      {
        ...base,
        ...user,
        outcome: 'refused',
        code: 'WIX_SCOPE_MISSING',
        missingScopes: [MANAGE_PRODUCTS],
        lackedBy: ['user'],
      },
      { ...base, identityType: 'visitor', instanceId, outcome: 'refused', code: 'WIX_IDENTITY_NOT_ALLOWED' },
      { ...base, outcome: 'refused', code: 'WIX_CREDENTIALS_MISSING' },
    ]);
    expect(JSON.stringify(traces.all)).not.toContain('manage/3');
  });

  it('name users only where the option is set', async () => {
    const { site, ownerToken } = siteWith(wix, app, READ_PRODUCTS);
    await shop('products/1', ownerToken());
    expect(JSON.stringify(traces.all)).not.toContain(site.owner.userId);

    await running.close();
    running = await startObserved(platform, observedModule(wix, app, { subjectIds: true }));
    await shop('products/1', ownerToken());
    expect(traces.over('decision').at(-1)).toMatchObject({ subjectId: site.owner.userId });
    expect(traces.over('verify').at(-1)).toMatchObject({ subjectId: site.owner.userId });
  });

  it("show calls by a template of their path, with status, attempts and Wix's request id", async () => {
    const { install } = siteWith(wix, app, READ_PRODUCTS);
    const client = running.app.get(WixHttpService).asInstance(trustedInstanceId(install.instanceId));
    const id = '6f1f6a52-3b1c-4d6f-8f0e-0d8a1c7a2b11';
    wix.fail(`/stores/v3/products/${id}`, { status: 503, times: 1 });
    await lastValueFrom(client.get(`/stores/v3/products/${id}?secret=1`)).catch(() => undefined);
    const [told] = traces.over('call').filter(({ by }) => by === 'application');
    expect(told).toMatchObject({
      by: 'application',
      method: 'GET',
      path: '/stores/v3/products/{id}',
      host: new URL(wix.url).host,
      instanceId: install.instanceId,
    });
    expect(told?.['status']).toBeGreaterThan(399);
    expect(told?.['wixRequestId']).toEqual(expect.any(String));
    expect(JSON.stringify(traces.all)).not.toMatch(/secret|6f1f6a52/);
  });

  it('show an event once for each handler, and a resend as one', async () => {
    const { install } = siteWith(wix, app);
    const body = wix.send.webhookBody(install, { type: 'AppInstalled' });
    const { appId } = app;
    const base = { appId, eventType: 'AppInstalled', instanceId: install.instanceId };
    expect(await deliver(running.url, body)).toBe(200);
    expect(traces.over('webhook')).toMatchObject([
      { ...base, handler: 'WixAuthModule.dropCaches', outcome: 'done' },
      { ...base, handler: 'EventWork.onInstalled', outcome: 'done', issuedAtMs: expect.any(Number) as number },
    ]);
    traces.clear();
    await deliver(running.url, body);
    expect(traces.over('webhook').map(({ outcome }) => outcome)).toEqual(['done-before', 'done-before']);
    traces.clear();
    running.app.get(EventWork).next = () => Promise.reject(new Error('wrong'));
    expect(await deliver(running.url, wix.send.webhookBody(install, { type: 'AppInstalled', data: { n: 2 } }))).toBe(
      500,
    );
    expect(traces.over('webhook').at(-1)).toMatchObject({ handler: 'EventWork.onInstalled', outcome: 'failed' });
    traces.clear();
    await deliver(running.url, wix.send.webhookBody(install, { type: 'AppInstalled' }, { forgery: 'another-key' }));
    expect(traces.over('webhook')).toMatchObject([{ outcome: 'refused', code: 'WIX_CREDENTIALS_REJECTED' }]);
  });

  it('have the parts that tracing channels have', async () => {
    const { ownerToken } = siteWith(wix, app, READ_PRODUCTS);
    const token = ownerToken();
    await shop('products/1', token);
    expect(traces.parts('verify')).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
    traces.clear();
    await shop('products/1', token);
    expect(traces.parts('verify')).toEqual(['start', 'end']);
    traces.clear();
    await shop('products/1', 'nonsense');
    expect(traces.parts('verify')).toEqual(['start', 'end', 'error', 'asyncStart', 'asyncEnd']);
  });

  it('reach onWixTrace when they end, and a listener that throws changes nothing', async () => {
    const { ownerToken } = siteWith(wix, app, READ_PRODUCTS);
    const heard: unknown[] = [];
    const end = onWixTrace('decision', (message) => {
      heard.push(message.outcome);
      throw new Error('a listener that fails');
    });
    const token = ownerToken();
    expect((await shop('products/1', token)).status).toBe(200);
    expect((await shop('products/1', token)).status).toBe(200);
    expect((await shop('products/1')).status).toBe(401);
    end();
    await shop('products/1', token);
    expect(heard).toEqual(['success', 'success', 'refused']);
  });

  it('show circuits that open and close', async () => {
    wix.fail(TOKEN_INFO, { status: 503 });
    for (let n = 0; n < 6; n += 1) await shop('products/1', siteWith(wix, app, READ_PRODUCTS).ownerToken());
    expect(traces.over('circuit')).toMatchObject([
      { appId: app.appId, endpoint: TOKEN_INFO, lane: 'introspection', state: 'open' },
    ]);
    expect(traces.over('decision').at(-1)).toMatchObject({ outcome: 'unavailable', code: 'WIX_UNAVAILABLE' });
  });
});
