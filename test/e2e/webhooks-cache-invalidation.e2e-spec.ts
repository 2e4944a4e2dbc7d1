import { Test, type TestingModule } from '@nestjs/testing';
import { WixAuthModule, WixClock, WixInstallService, trustedInstanceId } from 'nestjs-wix-auth';
import { WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';

import { WixGrantsService } from '../../src/grants/wix-grants.service.js';
import { WixIdentityService } from '../../src/identity/wix-identity.service.js';
import { WixTokenService } from '../../src/tokens/wix-token.service.js';
import { WixWebhookService } from '../../src/webhooks/wix-webhook.service.js';
import { codeOf } from '../support/code-of.js';
import { FakeClock } from '../support/fake-clock.js';

const HOUR_MS = 3_600_000;
const TOKEN = '/oauth2/token';
const INSTANCE = '/apps/v1/instance';

describe('events of the life of an installation', () => {
  const clock = new FakeClock();
  let wix: WixEmulator;
  let app: EmulatedApp;
  let install: EmulatedInstall;
  let module: TestingModule;

  beforeEach(async () => {
    wix = await WixEmulator.start({ now: () => clock.nowMs() });
    app = wix.addApp();
    install = wix.install(app, wix.addSite(), { grants: ['SCOPE.DC-STORES.READ-PRODUCTS'] });
    const { appId, appSecret, publicKey } = app;
    const options = {
      appId,
      appSecret,
      publicKey,
      apiUrl: wix.url,
      webhooks: {},
      install: { publicUrl: 'https://app.test' },
    };
    const providers = [{ provide: WixClock, useValue: clock }];
    module = await Test.createTestingModule({ imports: [WixAuthModule.forRoot({ ...options, providers })] }).compile();
    await module.init();
  });
  afterEach(async () => {
    await module.close();
    await wix.stop();
  });

  const instanceId = () => trustedInstanceId(install.instanceId);
  const webhook = (type: string): string => wix.send.webhookBody(install, { type });
  const take = (body: string) => module.get(WixWebhookService).receive(body);
  const token = () => module.get(WixTokenService).accessTokenFor(instanceId());
  const grants = () => module.get(WixGrantsService).appGrants(instanceId());
  const verify = (credential: string) => module.get(WixIdentityService).verify(credential);
  const signedInstance = () => wix.mint.signedInstance(install, { user: install.site.owner });

  it.each(['AppRemoved', 'AppInstalled', 'PaidPlanPurchased'])(
    'take effect once, although an %s is replayed thirty times',
    async (type) => {
      const captured = webhook(type);
      await take(captured);
      await grants();
      wix.resetLog();
      for (let count = 0; count < 30; count += 1) {
        await take(captured);
        await grants();
      }
      expect(wix.count(INSTANCE)).toBe(0);
    },
  );

  it('refuse signed instances from before a removal, and accept those of the next installation', async () => {
    const before = signedInstance();
    await expect(verify(before)).resolves.toMatchObject({ type: 'user' });
    clock.advance(60_000);
    await take(webhook('AppRemoved'));
    expect(await codeOf(() => verify(before))).toBe('WIX_CREDENTIALS_REJECTED');

    clock.advance(60_000);
    await take(webhook('AppInstalled'));
    await expect(verify(signedInstance())).resolves.toMatchObject({ type: 'user' });
    expect(await codeOf(() => verify(before))).toBe('WIX_CREDENTIALS_REJECTED');
  });

  it('make the next call of a removed app go to Wix and fail', async () => {
    await token();
    install.remove();
    await expect(token()).resolves.toBeDefined();
    await take(webhook('AppRemoved'));
    expect(await codeOf(token)).toBe('WIX_INSTANCE_UNKNOWN');
  });

  it('end the refusals of a removed app when it is installed again', async () => {
    install.remove();
    expect(await codeOf(token)).toBe('WIX_INSTANCE_UNKNOWN');
    install.reinstall();
    expect(await codeOf(token)).toBe('WIX_INSTANCE_UNKNOWN');
    await take(webhook('AppInstalled'));
    await expect(token()).resolves.toBeDefined();
  });

  it('drop nothing when an old removal arrives after the next installation', async () => {
    const removal = webhook('AppRemoved');
    clock.advance(HOUR_MS);
    await take(webhook('AppInstalled'));
    await grants();
    await take(removal);
    await grants();
    expect([wix.count(TOKEN), wix.count(INSTANCE)]).toEqual([1, 1]);
  });

  it('drop grants, and no tokens, when the plan changes', async () => {
    await grants();
    await take(webhook('PaidPlanPurchased'));
    await grants();
    expect([wix.count(TOKEN), wix.count(INSTANCE)]).toEqual([1, 2]);
  });

  it('drop what is cached about an installation, including its plan', async () => {
    const installation = () => module.get(WixInstallService).instanceOf(instanceId());
    await installation();
    await take(webhook('PaidPlanPurchased'));
    await installation();
    await installation();
    expect(wix.count(INSTANCE)).toBe(2);
  });
});
