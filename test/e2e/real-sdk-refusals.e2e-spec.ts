import { Controller, Get } from '@nestjs/common';
import { appInstances } from '@wix/app-management';
import { productsV3 } from '@wix/stores';
import { map } from 'rxjs';
import { WixHttpService, WixIdentity, WixInstanceAuth, WixUserAuth, type AnyWixIdentity } from 'nestjs-wix-auth';
import { WixSdkClientFactory } from 'nestjs-wix-auth/sdk';
import { WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { CapturedLogs } from '../support/captured-logs.js';
import { READ_PRODUCTS, siteWith, TOKEN } from '../support/emulated-site.js';
import { call, platforms, startApp, type Answer, type RunningApp } from '../support/running-app.js';

/** Calls Wix in every way there is, and answers what comes of it. */
@Controller()
class CallingController {
  constructor(
    private readonly sdk: WixSdkClientFactory,
    private readonly http: WixHttpService,
  ) {}

  @Get('stores')
  @WixInstanceAuth({ allow: ['visitor', 'user'] })
  async stores(@WixIdentity() caller: AnyWixIdentity) {
    return (await this.sdk.asInstance(caller, { productsV3 })).productsV3.getProduct('p');
  }

  @Get('app-instance')
  @WixInstanceAuth({ allow: ['visitor', 'user'] })
  async appInstance(@WixIdentity() caller: AnyWixIdentity) {
    return (await this.sdk.asInstance(caller, { appInstances })).appInstances.getAppInstance();
  }

  @Get('both')
  @WixInstanceAuth({ allow: ['visitor', 'user'] })
  async both(@WixIdentity() caller: AnyWixIdentity) {
    const client = await this.sdk.asInstance(caller, { productsV3, appInstances });
    const [refused] = await Promise.allSettled([
      client.productsV3.getProduct('p'),
      client.appInstances.getAppInstance(),
      client.productsV3.getProduct('q'),
    ]);
    if (refused.status === 'rejected') throw refused.reason;
    return {};
  }

  @Get('on-behalf')
  @WixUserAuth()
  async onBehalf(@WixIdentity() caller: AnyWixIdentity) {
    return (await this.sdk.onBehalfOf(caller, { productsV3 })).productsV3.getProduct('p');
  }

  @Get('http')
  @WixInstanceAuth({ allow: ['visitor', 'user'] })
  overHttp(@WixIdentity() caller: AnyWixIdentity) {
    return this.http
      .asInstance(caller)
      .get('/stores/v3/products/query')
      .pipe(map((response) => response.data));
  }

  @Get('scoped')
  @WixInstanceAuth({ allow: ['visitor', 'user'], scopes: [READ_PRODUCTS] })
  scoped() {
    return {};
  }
}

const BY_SDK = ['stores', 'app-instance', 'both'];
const ROUTES = [...BY_SDK, 'http', 'scoped'];

describe.each(platforms)('A refusal that passes through modules of the real SDK, on %s', (platform) => {
  const logs = new CapturedLogs();
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;

  const start = () =>
    startApp(
      platform,
      { imports: [WixAuthTestingModule.forApp(wix, app)], controllers: [CallingController] },
      { configure: (application) => application.useLogger(logs) },
    );

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
    running = await start();
  });
  afterEach(() => wix.clearFaults());
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  const get = (route: string, token: string) => call(`${running.url}/${route}`, token);
  const seen = ({ status, body }: Answer) => ({ status, code: (body as { code?: string }).code });

  /** A caller whose token was good a moment ago, on a site that has no app any more. */
  function callerOnSiteWithoutApp() {
    wix.variants.tokensOfRemovedInstalls = 'alive';
    const site = siteWith(wix, app, READ_PRODUCTS);
    const token = site.ownerToken();
    site.install.remove();
    return token;
  }

  it.each(ROUTES)('is 403 at every route for a site without the app, when /%s comes first', async (first) => {
    const token = callerOnSiteWithoutApp();
    for (const route of [first, first, ...ROUTES, ...ROUTES]) {
      expect({ route, ...seen(await get(route, token)) }).toEqual({
        route,
        status: 403,
        code: 'WIX_INSTANCE_UNKNOWN',
      });
    }
  });

  it('is 403 for all concurrent callers', async () => {
    const token = callerOnSiteWithoutApp();
    const answers = await Promise.all([...ROUTES, ...ROUTES, ...ROUTES].map((route) => get(route, token)));
    for (const answer of answers) expect(seen(answer)).toEqual({ status: 403, code: 'WIX_INSTANCE_UNKNOWN' });
  });

  it.each(ROUTES)('is 502 and one line in the log for a refused app secret, when /%s comes first', async (first) => {
    const token = siteWith(wix, app, READ_PRODUCTS).ownerToken();
    const body = { error: 'invalid_client', error_description: 'no' };
    wix.fail(TOKEN, { status: 400, body });
    logs.entries.length = 0;
    const started = await start();
    try {
      for (const route of [first, ...ROUTES]) {
        const answer = await call(`${started.url}/${route}`, token);
        expect({ route, ...seen(answer) }).toEqual({ route, status: 502, code: 'WIX_APP_REFUSED' });
        expect(logs.of('error', 'WixAuthModule')).toEqual([expect.stringContaining('WIX_APP_REFUSED')]);
      }
    } finally {
      await started.close();
    }
  });

  it('is 503 with Retry-After while Wix is throttling', async () => {
    const token = siteWith(wix, app, READ_PRODUCTS).ownerToken();
    await get('stores', token);
    const elsewhere = siteWith(wix, app, READ_PRODUCTS).ownerToken();
    wix.fail(TOKEN, { status: 429, headers: { 'retry-after': '7' } });
    for (const route of ROUTES) {
      const answer = await get(route, elsewhere);
      expect({ route, ...seen(answer) }).toEqual({ route, status: 503, code: 'WIX_UNAVAILABLE' });
      expect(answer.headers.get('retry-after')).toBe('7');
    }
  });

  it('is 403 on behalf of a caller who sent a signed instance', async () => {
    const site = siteWith(wix, app);
    const instance = wix.mint.signedInstance(site.install, { user: site.site.owner });
    for (let time = 0; time < 3; time += 1) {
      expect(seen(await get('on-behalf', instance))).toEqual({ status: 403, code: 'WIX_ON_BEHALF_UNAVAILABLE' });
    }
  });
});
