import assert from 'node:assert/strict';

import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { appInstances } from '@wix/app-management';
import { productsV3 } from '@wix/stores';
import { OnWixEvent } from 'nestjs-wix-auth';
import { WixAuthTestingModule, WixEmulator } from 'nestjs-wix-auth/testing';

const CREATED_AT = '2026-01-02T03:04:05.678Z';
const seen: (readonly [name: string, id: unknown, createdAt: unknown])[] = [];

@Injectable()
class Handlers {
  @OnWixEvent(productsV3.onProductCreated)
  created({ entity, metadata }: productsV3.ProductCreatedEnvelope): void {
    seen.push([metadata.slug ?? '', entity._id, entity._createdDate]);
  }

  @OnWixEvent(appInstances.onAppInstanceInstalled)
  installed({ metadata }: appInstances.AppInstanceInstalledEnvelope): void {
    seen.push(['installed', metadata.instanceId, undefined]);
  }
}

/** Sends events to handlers that name them by the definitions of Wix's packages, as CommonJS. */
export async function checkSdkEvents(): Promise<void> {
  const wix = await WixEmulator.start();
  const wixApp = wix.addApp();
  const install = wix.install(wixApp, wix.addSite());

  @Module({ imports: [WixAuthTestingModule.forApp(wix, wixApp, { webhooks: {} })], providers: [Handlers] })
  class AppModule {}

  const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
  await app.listen(0);
  const url = `${await app.getUrl()}/wix/webhooks`;
  try {
    const data = {
      id: 'event-1',
      entityFqdn: 'wix.stores.catalog.v3.product',
      slug: 'created',
      entityId: 'product-1',
      eventTime: CREATED_AT,
      createdEvent: { entity: { id: 'product-1', createdDate: CREATED_AT } },
    };
    await wix.send.webhook(install, url, { type: 'wix.stores.catalog.v3.product_created', data }).delivered;
    await wix.send.webhook(install, url, { type: 'AppInstalled' }).delivered;
    assert.deepEqual(seen, [
      ['created', 'product-1', new Date(CREATED_AT)],
      ['installed', install.instanceId, undefined],
    ]);
  } finally {
    await app.close();
    await wix.stop();
  }
}
