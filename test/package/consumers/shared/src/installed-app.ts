import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

import { Injectable, Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  InMemoryRefreshTokenStore,
  RefreshTokenStore,
  WixAuthModule,
  WixInstallHooks,
  WixInstallService,
  type WixAuthOptions,
  type WixInstallAnswer,
  type WixInstallation,
} from 'nestjs-wix-auth';
import { WixEmulator } from 'nestjs-wix-auth/testing';

@Injectable()
class Onboarding extends WixInstallHooks {
  override onInstalled({ flow, instance, proven }: WixInstallation): Promise<WixInstallAnswer> {
    const query = new URLSearchParams({ flow, site: instance.site.displayName ?? '', proven: String(proven) });
    return Promise.resolve({ redirectTo: `/welcome?${query.toString()}` });
  }
}

@Module({})
class InstalledModule {
  static with(options: WixAuthOptions, publicUrl: string): DynamicModule {
    const auth = WixAuthModule.forRoot({
      ...options,
      install: { publicUrl, customAuthentication: true },
      providers: [
        { provide: WixInstallHooks, useClass: Onboarding },
        { provide: RefreshTokenStore, useClass: InMemoryRefreshTokenStore },
      ],
    });
    return { module: InstalledModule, imports: [auth] };
  }
}

/** Boots an app that sites can install and goes through both flows; throws when one ends elsewhere. */
export async function checkInstalledApp(): Promise<void> {
  const wix = await WixEmulator.start();
  const wixApp = wix.addApp();
  const { siteId } = wix.addSite({ name: 'Flowers' });
  const port = await freePort();
  const options = { appId: wixApp.appId, appSecret: wixApp.appSecret, apiUrl: wix.url };
  const module = InstalledModule.with(options, `http://127.0.0.1:${String(port)}`);
  const app = await NestFactory.create(module, { logger: ['error'] });
  await app.listen(port, '127.0.0.1');
  try {
    const installs = app.get(WixInstallService, { strict: false });
    wixApp.redirectUrls = [installs.addresses.redirectUrl];
    assert.match(await walk(installs.installUrl(), siteId), /\/welcome\?flow=external&site=Flowers&proven=true$/);
    const appUrl = wix.installer.openedFromMarket(wixApp, installs.addresses.appUrl);
    assert.match(await walk(appUrl, siteId), /\/welcome\?flow=custom-authentication&site=Flowers&proven=true$/);
  } finally {
    await app.close();
    await wix.stop();
  }
}

/** From the start at the app, over consent at Wix, back to the app; answers where the browser is sent then. */
async function walk(startUrl: string, siteId: string): Promise<string> {
  const started = await fetch(startUrl, { redirect: 'manual' });
  const cookie = started.headers.getSetCookie().map((text) => text.split(';')[0] ?? '');
  const consent = new URL(started.headers.get('location') ?? '');
  const body = new URLSearchParams([...consent.searchParams, ['siteId', siteId]]);
  const agreed = await fetch(consent.origin + consent.pathname, { method: 'POST', body, redirect: 'manual' });
  const callback = agreed.headers.get('location') ?? '';
  const finished = await fetch(callback, { headers: { cookie: cookie.join('; ') }, redirect: 'manual' });
  return finished.headers.get('location') ?? `${String(finished.status)} ${await finished.text()}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
