import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { OnWixEvent, WixAuthModule, WixUserAuth } from 'nestjs-wix-auth';
import { emulatedOptions, WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { CapturedLogs } from '../support/captured-logs.js';
import { call, platforms, startApp, type RunningApp } from '../support/running-app.js';

@Injectable()
class Life {
  @OnWixEvent('AppInstalled')
  installed(): void {
    /* nothing to do */
  }
}

@Injectable()
class Misspelled {
  @OnWixEvent('AppInstaled')
  @OnWixEvent('wix.contacts.v4.contact_create')
  @OnWixEvent('my.own.event')
  @OnWixEvent('*')
  handle(): void {
    /* nothing to do */
  }
}

@Controller('things')
class ThingsController {
  @Get('misspelled')
  @WixUserAuth({ scopes: ['SCOPE.DC-STORES.READ-PRODUCT', 'MY.OWN_PERMISSION'], anyScope: ['WIX_STORE.READ_PRODUCTS'] })
  misspelled() {
    return {};
  }

  @Get('right')
  @WixUserAuth({ scopes: ['SCOPE.DC-STORES.READ-PRODUCTS'], anyScope: ['WIX_STORES.READ_PRODUCTS'] })
  right() {
    return {};
  }
}

describe.each(platforms)('An application on %s warns at startup', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let logs: CapturedLogs;
  let running: RunningApp | undefined;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
  });
  beforeEach(() => {
    logs = new CapturedLogs();
  });
  afterEach(async () => {
    await running?.close();
    running = undefined;
  });
  afterAll(() => wix.stop());

  const start = async (parts: Parameters<typeof startApp>[1]): Promise<string> => {
    running = await startApp(platform, parts, {
      build: (builder) => builder.setLogger(logs),
      configure: (nest) => {
        nest.useLogger(logs);
      },
    });
    return running.url;
  };
  const registered = (changes: Parameters<typeof WixAuthTestingModule.forApp>[2] = {}) =>
    WixAuthTestingModule.forApp(wix, app, changes);
  const warnings = (): string[] => logs.of('warn', 'WixAuthModule');

  it('about handlers of events that no registration receives', async () => {
    await start({ imports: [registered()], providers: [Life] });
    expect(warnings()).toEqual([expect.stringMatching(/never run, because .* no webhooks option: Life\.installed\./)]);
  });

  it('not about handlers that another registration covers', async () => {
    const local = { isGlobal: false };
    const taking = registered({ ...local, webhooks: {} });
    @Module({ imports: [taking], providers: [Life] })
    class TakingModule {}
    @Module({ imports: [registered(local)] })
    class OtherModule {}

    await start({ imports: [TakingModule, OtherModule] });
    expect(warnings()).toEqual([]);
  });

  it('about webhooks without a handler', async () => {
    await start({ imports: [registered({ webhooks: {} })] });
    expect(warnings()).toEqual([expect.stringContaining('No method is marked with @OnWixEvent')]);
  });

  it('about unknown events with a similar known name', async () => {
    await start({ imports: [registered({ webhooks: {} })], providers: [Misspelled, Life] });
    expect(warnings().map((line) => line.replace(', which is not known as an event of Wix', ''))).toEqual([
      'Misspelled.handle handles wix.contacts.v4.contact_create: did you mean wix.contacts.v4.contact_created?',
      'Misspelled.handle handles AppInstaled: did you mean AppInstalled?',
    ]);
  });

  it('about unknown scopes of routes and roles with a similar known name', async () => {
    const userRoles = { editor: ['SCOPE.DC-STORES.MANAGE_PRODUCTS'], admin: '*' as const };
    await start({ imports: [registered({ grants: { userRoles } })], controllers: [ThingsController] });

    expect(warnings()).toEqual([
      expect.stringMatching(/userRoles maps editor .*did you mean SCOPE\.DC-STORES\.MANAGE-PRODUCTS\?/),
      expect.stringMatching(
        /^ThingsController\.misspelled .*READ-PRODUCT is .*did you mean SCOPE\.DC-STORES\.READ-PRODUCTS\?/,
      ),
      expect.stringMatching(/^ThingsController\.misspelled .*did you mean WIX_STORES\.READ_PRODUCTS\?/),
    ]);
  });

  describe('when credentials name another app', () => {
    const refusals = (): string[] => warnings().filter((line) => line.includes('credential'));
    const refused = async (options: { appId: string; appSecret: string }, times: number) => {
      const install = wix.install(app, wix.addSite());
      const imports = [WixAuthModule.forRoot({ ...emulatedOptions(wix, app), ...options })];
      const url = await start({ imports, controllers: [ThingsController] });
      for (let count = 0; count < times; count += 1) {
        const { status, body } = await call(`${url}/things/right`, wix.mint.userToken(install, install.site.owner));
        expect([status, body]).toMatchObject([401, { code: 'WIX_CREDENTIALS_WRONG_APP' }]);
      }
    };

    it('once, with the app they name', async () => {
      const other = wix.addApp();
      await refused({ appId: other.appId, appSecret: other.appSecret }, 3);
      expect(refusals()).toEqual([expect.stringContaining(app.appId)]);
    });

    it('and says, without showing either, when the configured secret looks swapped', async () => {
      await refused({ appId: app.appSecret, appSecret: app.appId }, 2);
      expect(refusals()).toEqual([expect.stringContaining('appId and appSecret look swapped')]);
      expect(logs.dump).not.toContain(app.appSecret);
    });
  });
});
