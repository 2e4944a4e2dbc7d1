import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import {
  AccessAudit,
  ReportScopes,
  RequireScopes,
  WixAuthGuard,
  WixInstanceAuth,
  WixUserAuth,
  type WixAccessDecision,
} from 'nestjs-wix-auth';
import { WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { APP_INSTANCE, MANAGE_PRODUCTS, READ_ORDERS, READ_PRODUCTS, siteWith } from '../support/emulated-site.js';
import { RecordedTraces } from '../support/recorded-traces.js';
import { call, platforms, startApp, type RunningApp } from '../support/running-app.js';
import { untilTrue } from '../support/until-true.js';

@Controller()
class Routes {
  @Get('instance')
  @WixInstanceAuth({ allow: ['visitor', 'user'] })
  @ReportScopes(READ_PRODUCTS)
  instance() {
    return {};
  }

  @Get('user')
  @WixUserAuth()
  @ReportScopes(READ_PRODUCTS, READ_ORDERS)
  user() {
    return {};
  }

  @Get('both')
  @UseGuards(WixAuthGuard)
  @RequireScopes(READ_PRODUCTS)
  @ReportScopes(READ_PRODUCTS)
  both() {
    return {};
  }
}

describe.each(platforms)('@ReportScopes on %s', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;
  let decisions: WixAccessDecision[];

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
  });

  beforeEach(async () => {
    decisions = [];
    const audit = { decided: (decision: WixAccessDecision) => void decisions.push(decision) };
    @Module({
      imports: [WixAuthTestingModule.forApp(wix, app, { providers: [{ provide: AccessAudit, useValue: audit }] })],
      controllers: [Routes],
    })
    class Root {}
    running = await startApp(platform, { imports: [Root] });
  });

  afterEach(() => running.close());
  afterAll(() => wix.stop());

  const facts = () =>
    decisions.map(({ decision, code, route, missingScopes, lackedBy }) => ({
      decision,
      code,
      route,
      missingScopes,
      lackedBy,
    }));

  it('admits the caller, and reports what the app lacks', async () => {
    const traces = new RecordedTraces();
    const { visitorToken, install } = siteWith(wix, app, READ_ORDERS);
    expect((await call(`${running.url}/instance`, visitorToken())).status).toBe(200);
    await untilTrue(() => decisions.length > 0);
    traces.stop();
    const base = { appId: app.appId, route: 'GET /instance', identityType: 'visitor', instanceId: install.instanceId };
    const why = { code: 'WIX_SCOPE_MISSING', missingScopes: [READ_PRODUCTS], lackedBy: ['app'] };
    expect(traces.over('decision')).toMatchObject([
      { ...base, outcome: 'success' },
      { ...base, outcome: 'reported', ...why },
    ]);
    expect(facts()).toEqual([
      {
        decision: 'reported',
        code: 'WIX_SCOPE_MISSING',
        route: 'GET /instance',
        missingScopes: [READ_PRODUCTS],
        lackedBy: ['app'],
      },
    ]);
  });

  it('reports a user who lacks a scope that the app holds', async () => {
    const { userToken } = siteWith(wix, app, READ_PRODUCTS, READ_ORDERS, 'SCOPE.DC-IDENTITY.MANAGE-CONTRIBUTORS');
    expect((await call(`${running.url}/user`, userToken())).status).toBe(200);
    await untilTrue(() => decisions.length > 0);
    expect(facts()).toMatchObject([
      { decision: 'reported', missingScopes: [READ_PRODUCTS, READ_ORDERS], lackedBy: ['user'] },
    ]);
  });

  it('reports nothing for a caller who has the scopes', async () => {
    const { ownerToken } = siteWith(wix, app, READ_PRODUCTS, READ_ORDERS);
    const before = wix.count(APP_INSTANCE);
    expect((await call(`${running.url}/user`, ownerToken())).status).toBe(200);
    await untilTrue(() => wix.count(APP_INSTANCE) > before);
    await running.close();
    expect(decisions).toEqual([]);
  });

  it('still requires a scope that is required as well', async () => {
    const { ownerToken } = siteWith(wix, app, MANAGE_PRODUCTS.replace('MANAGE', 'OTHER'));
    expect(await call(`${running.url}/both`, ownerToken())).toMatchObject({
      status: 403,
      body: { code: 'WIX_SCOPE_MISSING' },
    });
    expect(facts()).toMatchObject([{ decision: 'refused' }]);
  });

  it('reports as unknown what cannot be requested from Wix, and still answers', async () => {
    const { visitorToken } = siteWith(wix, app);
    const fault = wix.fail(APP_INSTANCE, { status: 503 });
    expect((await call(`${running.url}/instance`, visitorToken())).status).toBe(200);
    await untilTrue(() => decisions.length > 0);
    wix.clearFaults();
    expect(fault).toBeDefined();
    expect(facts()).toMatchObject([{ decision: 'reported', code: 'WIX_UNAVAILABLE', missingScopes: [] }]);
  });

  it('does not delay the caller', async () => {
    const { visitorToken } = siteWith(wix, app);
    wix.fail(APP_INSTANCE, { hang: true });
    expect((await call(`${running.url}/instance`, visitorToken())).status).toBe(200);
    expect(decisions).toEqual([]);
    wix.clearFaults();
  });
});
