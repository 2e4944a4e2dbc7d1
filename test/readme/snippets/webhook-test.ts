import { Module, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { emulatedOptions, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { SiteLife, withWebhooks } from './webhooks.js';

describe('webhooks', () => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let nest: INestApplication;
  let url: string;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();

    @Module({
      imports: [withWebhooks({ ...emulatedOptions(wix, app), publicKey: app.publicKey })],
      providers: [SiteLife],
    })
    class WebhooksModule {}

    nest = (await Test.createTestingModule({ imports: [WebhooksModule] }).compile()).createNestApplication();
    await nest.listen(0);
    url = `${await nest.getUrl()}/wix/webhooks`;
  });

  afterAll(async () => {
    await nest.close();
    await wix.stop();
  });

  it('reach a handler once, however often Wix sends them', async () => {
    const install = wix.install(app, wix.addSite());
    const contact = { fqdn: 'wix.contacts.v4.contact', slug: 'created', entity: { id: 'c1' } };

    const { delivered } = wix.send.domainEvent(install, url, contact, { duplicates: 2 });
    expect(await delivered).toBe(true);
    expect(nest.get(SiteLife).contacts).toEqual(['c1']);
  });

  it('are accepted only when Wix signed them', async () => {
    const install = wix.install(app, wix.addSite());
    const options = { forgery: 'another-key', retries: 0 } as const;
    const { status } = await wix.send.webhook(install, url, { type: 'AppRemoved' }, options).first;
    expect(status).toBe(401);
  });
});
