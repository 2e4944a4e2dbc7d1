import { Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { AppStrategy, createClient } from '@wix/sdk';
import { WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';

import { WixWebhookService } from '../../src/webhooks/wix-webhook.service.js';
import type { SendWebhookOptions } from '../../src/testing/emulator/webhooks/sender.js';
import { codeOf } from '../support/code-of.js';
import { webhookModule } from './webhook-app.js';

const CONTACT = {
  type: 'wix.contacts.v4.contact_created',
  data: { id: 'event-1', entityFqdn: 'wix.contacts.v4.contact', createdEvent: { entity: { name: 'Ann' } } },
};

describe("webhooks of the emulator and Wix's own SDK", () => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let install: EmulatedInstall;
  let module: TestingModule;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    wix = await WixEmulator.start();
    app = wix.addApp();
    install = wix.install(app, wix.addSite());
    module = await Test.createTestingModule({ imports: [webhookModule(app, {})] }).compile();
    await module.init();
  });
  afterAll(async () => {
    await module.close();
    await wix.stop();
  });

  const sdkTakes = (body: string) =>
    createClient({ auth: AppStrategy({ appId: app.appId, publicKey: app.publicKey }) }).webhooks.process(body);
  const weTake = (body: string) => module.get(WixWebhookService).receive(body);
  const bodyOf = (options?: SendWebhookOptions) => wix.send.webhookBody(install, CONTACT, options);

  it('are accepted by both', async () => {
    const body = bodyOf({ claims: { iss: 'wix.com', aud: app.appId } });
    await expect(sdkTakes(body)).resolves.toMatchObject({
      eventType: CONTACT.type,
      instanceId: install.instanceId,
      payload: CONTACT.data,
    });
    await expect(weTake(body)).resolves.toBeUndefined();
  });

  it.each(['another-key', 'alg-none', 'hs256', 'expired', 'future'] as const)(
    'are rejected by both when they are forged: %s',
    async (forgery) => {
      const body = bodyOf({ forgery });
      await expect(sdkTakes(body)).rejects.toThrow();
      expect(await codeOf(() => weTake(body))).not.toBe('none');
    },
  );

  it.each([
    ['an expiry in words', { exp: 'tomorrow' }],
    ['an expiry in a string', { exp: '4000000000' }],
    ['no event', { data: '{}' }],
    ['no JSON', { data: '{' }],
  ])('are rejected by us, and by the SDK unless it does not check, with %s', async (_what, claims) => {
    const body = bodyOf({ claims });
    const sdk = await sdkTakes(body).then(
      ({ eventType }) => eventType,
      () => undefined,
    );
    expect(sdk).toBeUndefined();
    expect(await codeOf(() => weTake(body))).not.toBe('none');
  });

  // The SDK looks neither at the age nor at issuer and audience of a webhook.
  it.each(['stale', 'another-app', 'another-issuer'] as const)('are rejected by us alone: %s', async (forgery) => {
    const body = bodyOf({ forgery });
    await expect(sdkTakes(body)).resolves.toBeDefined();
    expect(await codeOf(() => weTake(body))).not.toBe('none');
  });
});
