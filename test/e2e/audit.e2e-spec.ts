import { AccessAudit, WixClock, type WixAccessDecision } from 'nestjs-wix-auth';
import { WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { CapturedLogs } from '../support/captured-logs.js';
import { deferred, turns } from '../support/deferred.js';
import { MANAGE_PRODUCTS, READ_PRODUCTS, siteWith, TOKEN_INFO } from '../support/emulated-site.js';
import { FakeClock } from '../support/fake-clock.js';
import { observedModule, startObserved, type ObservedOptions } from '../support/observed-app.js';
import { call, platforms, type RunningApp } from '../support/running-app.js';

class RecordingAudit extends AccessAudit {
  readonly decisions: WixAccessDecision[] = [];
  answer: () => Promise<void> | void = () => undefined;

  override decided(decision: WixAccessDecision): Promise<void> | void {
    this.decisions.push(decision);
    return this.answer();
  }
}

describe.each(platforms)('The audit of an app on %s', (platform) => {
  const clock = new FakeClock();
  let wix: WixEmulator;
  let app: EmulatedApp;
  let audit: RecordingAudit;
  let logs: CapturedLogs;
  let running: RunningApp;

  const start = async (options: ObservedOptions = {}): Promise<void> => {
    const providers = [
      { provide: AccessAudit, useValue: audit },
      { provide: WixClock, useValue: clock },
    ];
    const registration = observedModule(wix, app, { ...options, providers });
    running = await startObserved(platform, registration, {}, { configure: (nest) => nest.useLogger(logs) });
  };

  beforeAll(async () => {
    wix = await WixEmulator.start({ now: () => clock.nowMs() });
    app = wix.addApp();
  });
  beforeEach(() => {
    audit = new RecordingAudit();
    logs = new CapturedLogs();
  });
  afterEach(async () => {
    wix.clearFaults();
    await running.close();
  });
  afterAll(() => wix.stop());

  const shop = (path: string, credential?: string) => call(`${running.url}/shop/${path}`, credential);

  it('receives every refusal in order, with the caller and the reason, and no allowed call', async () => {
    await start();
    const { userToken, ownerToken, install } = siteWith(wix, app, READ_PRODUCTS, MANAGE_PRODUCTS);
    await shop('manage/1', ownerToken());
    await shop('manage/2', userToken('none'));
    await shop('manage/3');
    wix.fail(TOKEN_INFO, { status: 503 });
    await shop('manage/4', ownerToken());
    const base = {
      route: 'GET /shop/manage/:id',
      handler: 'ShopController.manage',
      decidedAt: new Date(clock.nowMs()),
    };
    const tookMs = expect.any(Number) as number;
    const nobody = { identityType: undefined, instanceId: undefined, missingScopes: [], lackedBy: [] };
    expect(audit.decisions.map(({ requestId: _, ...decision }) => decision)).toEqual([
      {
        ...base,
        decision: 'refused',
        code: 'WIX_SCOPE_MISSING',
        identityType: 'user',
        instanceId: install.instanceId,
        missingScopes: [MANAGE_PRODUCTS],
        lackedBy: ['user'],
        tookMs,
      },
      { ...base, ...nobody, decision: 'refused', code: 'WIX_CREDENTIALS_MISSING', tookMs },
      { ...base, ...nobody, decision: 'unavailable', code: 'WIX_UNAVAILABLE', tookMs },
    ]);
    expect(audit.decisions[0]?.requestId === undefined).toBe(platform === 'express');
  });

  it("receives allowed calls too with audit: 'all', each once, and users with subjectIds: true", async () => {
    await start({ audit: 'all', subjectIds: true });
    const { site, ownerToken } = siteWith(wix, app, READ_PRODUCTS);
    const token = ownerToken();
    await shop('products/1', token);
    await shop('products/1', token);
    const allowed = { decision: 'allowed', code: undefined, identityType: 'user', subjectId: site.owner.userId };
    expect(audit.decisions).toMatchObject([allowed, allowed]);
    expect(audit.decisions[1]?.tookMs).toBe(0);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('audit password hunter2');
      },
    ],
    ['rejects', () => Promise.reject(new Error('audit password hunter2'))],
  ] as const)('changes no answer when it %s, and the log says so without the text', async (_, answer) => {
    await start({ audit: 'all' });
    audit.answer = answer;
    const { ownerToken } = siteWith(wix, app, READ_PRODUCTS);
    const token = ownerToken();
    expect((await shop('products/1', token)).status).toBe(200);
    expect((await shop('products/1', token)).status).toBe(200);
    expect((await shop('products/1')).status).toBe(401);
    expect(logs.of('error', 'WixAuthModule')).toEqual([expect.stringContaining('AccessAudit failed (Error)')]);
    expect(logs.dump).not.toContain('hunter2');
  });

  it('does not delay callers, and drops decisions when a thousand are unfinished', async () => {
    await start();
    const written = deferred<undefined>();
    audit.answer = () => written.promise;
    const refused = Array.from({ length: 1_005 }, () => shop('products/1'));
    expect(new Set((await Promise.all(refused)).map(({ status }) => status))).toEqual(new Set([401]));
    expect(audit.decisions).toHaveLength(1_000);
    expect(logs.of('error', 'WixAuthModule')).toEqual([expect.stringContaining('1000 decisions are unfinished')]);
    written.resolve(undefined);
    await written.promise;
    await shop('products/1');
    expect(audit.decisions.length).toBeGreaterThan(1_000);
  });

  it('finishes before the application stops', async () => {
    await start();
    const written = deferred<undefined>();
    audit.answer = () => written.promise;
    await shop('products/1');
    let isClosed = false;
    const closed = running.close().then(() => (isClosed = true));
    await turns();
    expect(isClosed).toBe(false);
    written.resolve(undefined);
    await closed;
    await start();
  });
});
