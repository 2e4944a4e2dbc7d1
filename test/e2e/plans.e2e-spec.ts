import { Controller, Get, Logger } from '@nestjs/common';
import {
  RequirePlan,
  RequireScopes,
  WixAuthModule,
  WixClock,
  WixIdentityService,
  WixInstanceAuth,
  WixPublic,
  WixUserAuth,
} from 'nestjs-wix-auth';
import { fakeWixCaller, WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { instanceIdFromWix } from '../../src/core/identities/wix-instance-id.js';
import { CapturedLogs } from '../support/captured-logs.js';
import { errorOf } from '../support/code-of.js';
import { APP_INSTANCE, READ_PRODUCTS, siteWith } from '../support/emulated-site.js';
import { FakeClock } from '../support/fake-clock.js';
import { call, platforms, startApp, type RunningApp } from '../support/running-app.js';

@Controller('reports')
@RequirePlan('basic', 'pro')
@WixInstanceAuth({ allow: ['user', 'visitor', 'app'] })
class ReportsController {
  @Get()
  any(): string {
    return 'a report';
  }

  @Get('export')
  @RequirePlan('pro', 'max')
  pro(): string {
    return 'an export';
  }

  @Get('scoped')
  @RequireScopes(READ_PRODUCTS)
  scoped(): string {
    return 'scoped';
  }

  @Get('teaser')
  @WixPublic()
  teaser(): string {
    return 'a teaser';
  }
}

@Controller()
class PlainController {
  @Get('plain')
  @WixInstanceAuth({ allow: ['visitor'] })
  plain(): string {
    return 'plain';
  }
}

describe.each(platforms)('@RequirePlan, on %s', (platform) => {
  const logs = new CapturedLogs();
  let wix: WixEmulator;
  let app: EmulatedApp;
  let clock: FakeClock;
  let running: RunningApp;

  beforeEach(async () => {
    clock = new FakeClock();
    wix = await WixEmulator.start({ now: () => clock.nowMs() });
    app = wix.addApp();
    const providers = [{ provide: WixClock, useValue: clock }];
    const registration = WixAuthTestingModule.forApp(wix, app, { webhooks: {}, providers });
    running = await startApp(
      platform,
      { imports: [registration], controllers: [ReportsController, PlainController] },
      { configure: () => void Logger.overrideLogger(logs) },
    );
  });
  afterEach(async () => {
    await running.close();
    await wix.stop();
    logs.entries.length = 0;
  });

  const get = (path: string, token: string) => call(`${running.url}/${path}`, token);
  const asked = (): number => wix.count(APP_INSTANCE);
  const siteOn = (plan?: string) => {
    const site = siteWith(wix, app, READ_PRODUCTS);
    site.install.plan = plan;
    return site;
  };
  const tell = (site: ReturnType<typeof siteOn>, type: string) =>
    wix.send.webhook(site.install, `${running.url}/wix/webhooks`, { type, data: {} }).delivered;

  it('reads since when the plan in a credential has been valid', async () => {
    const site = siteOn('pro');
    const issuedAt = new Date(Math.floor(clock.nowMs() / 1_000) * 1_000);
    const tokens = [site.visitorToken(), wix.mint.signedInstance(site.install)];
    clock.advance(60_000);
    const identities = running.app.get(WixIdentityService);
    for (const token of tokens) {
      const { vendorProductId, issuedAt: at } = await identities.verify(token);
      expect([vendorProductId, at && Math.floor(at.getTime() / 1_000) * 1_000]).toEqual(['pro', issuedAt.getTime()]);
    }
    site.install.plan = undefined;
    expect((await identities.verify(site.ownerToken())).issuedAt).toBeUndefined();
  });

  it('uses the plan in the credential, without a request to Wix', async () => {
    const site = siteOn('pro');
    for (const path of ['reports', 'reports/export']) {
      expect(await get(path, site.visitorToken())).toMatchObject({ status: 200 });
      expect(await get(path, wix.mint.signedInstance(site.install))).toMatchObject({ status: 200 });
    }
    expect(asked()).toBe(0);
  });

  it('refuses the free plan and others, with the page where to buy one', async () => {
    const free = siteOn();
    const answer = await get('reports', free.ownerToken());
    expect(answer).toMatchObject({
      status: 403,
      body: {
        code: 'WIX_PLAN_REQUIRED',
        error: 'Forbidden',
        requiredPlans: ['basic', 'pro'],
        upgradeUrl: `https://www.wix.com/apps/upgrade/${app.appId}?appInstanceId=${free.install.instanceId}`,
      },
    });
    expect(answer.headers.get('www-authenticate')).toBeNull();
    expect(await get('reports', siteOn('max').ownerToken())).toMatchObject({ status: 403 });
  });

  it('requires a plan that both class and method name', async () => {
    const basic = siteOn('basic');
    expect(await get('reports', basic.visitorToken())).toMatchObject({ status: 200 });
    expect(await get('reports/export', basic.visitorToken())).toMatchObject({
      status: 403,
      body: { code: 'WIX_PLAN_REQUIRED', requiredPlans: ['pro'] },
    });
  });

  it('is checked after the scopes', async () => {
    const site = wix.addSite();
    const token = wix.mint.visitorToken(wix.install(app, site), site.addVisitor());
    expect(await get('reports/scoped', token)).toMatchObject({ body: { code: 'WIX_SCOPE_MISSING' } });
  });

  it('does not apply where @WixPublic opens a method, and sends no request on routes without it', async () => {
    expect(await call(`${running.url}/reports/teaser`)).toMatchObject({ status: 200 });
    expect(await get('plain', siteOn().visitorToken())).toMatchObject({ status: 200 });
    expect(asked()).toBe(0);
  });

  it('requests the plan once in 30 seconds before it refuses, and admits a site that has bought it since', async () => {
    const site = siteOn();
    const old = site.visitorToken();
    for (let requests = 0; requests < 3; requests += 1)
      expect(await get('reports', old)).toMatchObject({ status: 403 });
    expect(asked()).toBe(1);
    site.install.plan = 'basic';
    expect(await get('reports', old)).toMatchObject({ status: 403 });
    clock.advance(31_000);
    expect(await get('reports', old)).toMatchObject({ status: 200 });
    expect(asked()).toBe(2);
  });

  it('admits a site immediately after Wix reports the purchase', async () => {
    const site = siteOn();
    const old = site.visitorToken();
    expect(await get('reports', old)).toMatchObject({ status: 403 });
    site.install.plan = 'basic';
    await tell(site, 'PaidPlanPurchased');
    expect(await get('reports', old)).toMatchObject({ status: 200 });
  });

  it.each(['PaidPlanChanged', 'PlanTransferred', 'InvoiceStatusUpdated', 'AppInstalled'])(
    'does not trust a plan in a credential from before %s',
    async (type) => {
      const site = siteOn('pro');
      const old = wix.mint.signedInstance(site.install);
      expect(await get('reports', old)).toMatchObject({ status: 200 });
      site.install.plan = undefined;
      clock.advance(5_000);
      await tell(site, type);
      expect(await get('reports', old)).toMatchObject({ status: 403, body: { code: 'WIX_PLAN_REQUIRED' } });
      expect(asked()).toBe(1);
    },
  );

  it('answers 503 while Wix is down', async () => {
    const site = siteOn();
    const token = site.visitorToken();
    await get('plain', token);
    wix.fail(APP_INSTANCE, { status: 503 });
    expect(await get('reports', token)).toMatchObject({ status: 503, body: { code: 'WIX_UNAVAILABLE' } });
  });

  it('appears in the table of routes', () => {
    const table = logs.of('log', 'WixAuthModule').join('\n');
    expect(table).toMatch(/GET +\/reports +.*plan: basic \| pro$/m);
    expect(table).toMatch(/GET +\/reports\/export +.*plan: pro$/m);
    expect(table).not.toMatch(/plain.*plan/);
  });
});

describe('@RequirePlan', () => {
  const start = (controller: new () => object) => {
    const options = {
      appId: '1d1c1b1a-0000-4000-8000-000000000001',
      appSecret: '1d1c1b1a-0000-4000-8000-000000000002',
    };
    return errorOf(async () => {
      const running = await startApp('express', {
        imports: [WixAuthModule.forRoot(options)],
        controllers: [controller],
      });
      await running.close();
    });
  };

  it('prevents startup without a guard of ours', async () => {
    @Controller()
    class Open {
      @Get()
      @RequirePlan('pro')
      open(): void {
        // Never called.
      }
    }
    await expect(start(Open)).resolves.toMatchObject({
      code: 'WIX_MISCONFIGURED',
      message: expect.stringMatching(/Open\.open .*no guard/),
    });
  });

  it('prevents startup without a name, with a blank one, with @WixPublic, and if lists share no plan', async () => {
    @Controller()
    @RequirePlan('basic')
    class Wrong {
      @Get('a')
      @RequirePlan()
      @WixUserAuth()
      empty(): void {
        // Never called.
      }

      @Get('b')
      @RequirePlan('basic', ' ')
      @WixUserAuth()
      blank(): void {
        // Never called.
      }

      @Get('c')
      @RequirePlan('basic')
      @WixPublic()
      open(): void {
        // Never called.
      }

      @Get('d')
      @RequirePlan('pro')
      @WixUserAuth()
      none(): void {
        // Never called.
      }
    }
    const error = await start(Wrong);
    expect(error?.message).toMatch(/Wrong\.empty .*empty list of plans/);
    expect(error?.message).toMatch(/Wrong\.blank .*the plan " ", which cannot be one/);
    expect(error?.message).toMatch(/Wrong\.open .*@WixPublic together with scopes, plans/);
    expect(error?.message).toMatch(/Wrong\.none .*no plan is in all of its @RequirePlan lists/);
  });

  it.each([
    ['pro', 200],
    ['max', 403],
    [undefined, 403],
  ])('compares the plan of a fake caller, %s, without a request to Wix', async (vendorProductId, status) => {
    const identity = {
      type: 'visitor',
      appId: '1d1c1b1a-0000-4000-8000-000000000001',
      instanceId: instanceIdFromWix('1d1c1b1a-0000-4000-8000-000000000003'),
      credentialType: 'access-token',
      expiresAt: new Date(Date.now() + 60_000),
      ...(vendorProductId !== undefined && { vendorProductId }),
    } as const;
    const running = await startApp(
      'express',
      { imports: [WixAuthModule.forRoot({} as never)], controllers: [ReportsController] },
      { build: (builder) => fakeWixCaller(builder, identity) },
    );
    try {
      expect(await call(`${running.url}/reports`, 'anything')).toMatchObject({ status });
    } finally {
      await running.close();
    }
  });
});
