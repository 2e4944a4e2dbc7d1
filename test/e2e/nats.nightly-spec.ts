import { headers, type NatsConnection } from '@nats-io/transport-node';
import { Controller } from '@nestjs/common';
import {
  ClientProxyFactory,
  MessagePattern,
  NatsRecordBuilder,
  Transport,
  type ClientProxy,
} from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { RequireScopes, WixIdentity, WixUserAuth, WixWebhookService } from 'nestjs-wix-auth';
import { WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';
import { firstValueFrom } from 'rxjs';

import { READ_PRODUCTS, siteWith } from '../support/emulated-site.js';
import { NatsServer } from '../support/nats-server.js';

@Controller()
class Products {
  @MessagePattern('products.list')
  @WixUserAuth({ scopes: [READ_PRODUCTS] })
  list(@WixIdentity('instanceId') instanceId: string): string {
    return instanceId;
  }

  @MessagePattern('products.delete')
  @RequireScopes(READ_PRODUCTS)
  @WixUserAuth()
  delete(): string {
    return 'deleted';
  }
}

describe('A microservice behind a real NATS server', () => {
  let nats: NatsServer;
  let wix: WixEmulator;
  let app: EmulatedApp;
  let client: ClientProxy;
  let service: Awaited<ReturnType<typeof startService>>;

  const startService = async (messageTransports: readonly 'nats'[]) => {
    const options = { messageTransports, publicKey: app.publicKey, webhooks: {}, logging: { routes: 'none' as const } };
    const module = await Test.createTestingModule({
      imports: [WixAuthTestingModule.forApp(wix, app, options)],
      controllers: [Products],
    }).compile();
    const microservice = module.createNestMicroservice({ transport: Transport.NATS, options: { servers: nats.url } });
    microservice.useLogger(false);
    await microservice.listen();
    // Until the server knows of the subscriptions, callers are told that nothing responds.
    await microservice.unwrap<NatsConnection>().flush();
    return microservice;
  };

  beforeAll(async () => {
    nats = await NatsServer.start();
    wix = await WixEmulator.start();
    app = wix.addApp();
    service = await startService(['nats']);
    client = ClientProxyFactory.create({ transport: Transport.NATS, options: { servers: nats.url } });
  });
  afterAll(async () => {
    await client.close();
    await service.close();
    await wix.stop();
    await nats.stop();
  });

  const answerTo = async (authorization: string | undefined, pattern = 'products.list'): Promise<unknown> => {
    const all = headers();
    if (authorization !== undefined) all.set('authorization', authorization);
    const record = new NatsRecordBuilder({ authorization, token: authorization }).setHeaders(all).build();
    try {
      return await firstValueFrom(client.send<unknown>(pattern, record));
    } catch (error) {
      if (authorization !== undefined) expect(JSON.stringify(error)).not.toContain(authorization);
      return Reflect.get(Object(error) as object, 'code');
    }
  };

  it('answers a caller with a good credential in the header', async () => {
    const site = siteWith(wix, app, READ_PRODUCTS);
    expect(await answerTo(site.ownerToken())).toBe(site.install.instanceId);
    expect(await answerTo(`Bearer ${site.ownerToken()}`)).toBe(site.install.instanceId);
    expect(await answerTo(site.ownerToken(), 'products.delete')).toBe('deleted');
  });

  it('refuses bad ones, with our code and without the credential', async () => {
    const site = siteWith(wix, app, READ_PRODUCTS);
    const { install, site: where } = site;
    expect(await answerTo(undefined)).toBe('WIX_CREDENTIALS_MISSING');
    expect(await answerTo('rubbish')).toBe('WIX_CREDENTIALS_MALFORMED');
    expect(await answerTo(siteWith(wix, wix.addApp()).ownerToken())).toBe('WIX_CREDENTIALS_WRONG_APP');
    expect(await answerTo(site.visitorToken())).toBe('WIX_IDENTITY_NOT_ALLOWED');
    expect(await answerTo(siteWith(wix, app).ownerToken())).toBe('WIX_SCOPE_MISSING');
    expect(await answerTo(wix.mint.userToken(install, where.owner, { expiresInSeconds: 0 }))).toBe(
      'WIX_CREDENTIALS_EXPIRED',
    );
  });

  it('refuses a formerly good credential after the site removed the app', async () => {
    const site = siteWith(wix, app, READ_PRODUCTS);
    const token = site.ownerToken();
    expect(await answerTo(token)).toBe(site.install.instanceId);
    site.install.remove();
    await service.get(WixWebhookService).receive(wix.send.webhookBody(site.install, { type: 'AppRemoved' }));
    expect(await answerTo(token)).toBe('WIX_CREDENTIALS_REJECTED');
  });

  it('refuses every caller unless the transport is configured', async () => {
    await service.close();
    service = await startService([]);
    expect(await answerTo(siteWith(wix, app, READ_PRODUCTS).ownerToken())).toBe('WIX_MISCONFIGURED');
  });
});
