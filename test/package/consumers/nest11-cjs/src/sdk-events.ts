import assert from 'node:assert/strict';

import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { appInstances } from '@wix/app-management';
import { contacts } from '@wix/crm';
import { products, productsV3 } from '@wix/stores';
import { OnWixEvent } from 'nestjs-wix-auth';
import { WixAuthTestingModule, WixEmulator } from 'nestjs-wix-auth/testing';

const CREATED_AT = '2026-01-02T03:04:05.678Z';
const seen: (readonly [name: string, fact: unknown])[] = [];

@Injectable()
class Handlers {
  @OnWixEvent(productsV3.onProductCreated)
  created({ entity }: productsV3.ProductCreatedEnvelope): void {
    seen.push(['created', entity._createdDate?.toISOString()]);
  }

  @OnWixEvent(contacts.onContactUpdated)
  updated({ entity }: contacts.ContactUpdatedEnvelope): void {
    seen.push(['updated', entity._id]);
  }

  @OnWixEvent(contacts.onContactDeleted)
  deleted({ metadata }: contacts.ContactDeletedEnvelope): void {
    seen.push(['deleted', metadata.slug]);
  }

  @OnWixEvent(contacts.onContactMerged)
  merged({ data }: contacts.ContactMergedEnvelope): void {
    seen.push(['merged', data.targetContactId]);
  }

  @OnWixEvent(appInstances.onAppInstanceInstalled)
  installed({ metadata }: appInstances.AppInstanceInstalledEnvelope): void {
    seen.push(['installed', metadata.instanceId]);
  }

  @OnWixEvent(products.onProductCreated)
  flat({ data }: products.ProductCreatedEnvelope): void {
    seen.push(['flat', data.productId]);
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
    const send = (type: string, data: Record<string, unknown>): Promise<boolean> =>
      wix.send.webhook(install, url, { type, data }).delivered;
    const about = (slug: string, happening: object): Record<string, unknown> => ({
      ...{ id: slug, slug, entityFqdn: 'wix.example.entity', entityId: 'entity-1', eventTime: CREATED_AT },
      ...happening,
    });
    const product = { id: 'product-1', createdDate: CREATED_AT };
    const changed = { currentEntity: { id: 'contact-1' } };
    const merged = { body: { sourceContactIds: ['a'], targetContactId: 'contact-2' } };
    await send('wix.stores.catalog.v3.product_created', about('created', { createdEvent: { entity: product } }));
    await send('wix.contacts.v4.contact_updated', about('updated', { updatedEvent: changed }));
    await send('wix.contacts.v4.contact_deleted', about('deleted', { deletedEvent: {} }));
    await send('wix.contacts.v4.contact_merged', about('merged', { actionEvent: merged }));
    await send('AppInstalled', { appId: wixApp.appId });
    await send('com.wix.ecommerce.catalog.api.v1.ProductCreated', { productId: 'product-2' });
    assert.deepEqual(seen, [
      ['created', CREATED_AT],
      ['updated', 'contact-1'],
      ['deleted', 'deleted'],
      ['merged', 'contact-2'],
      ['installed', install.instanceId],
      ['flat', 'product-2'],
    ]);
  } finally {
    await app.close();
    await wix.stop();
  }
}
