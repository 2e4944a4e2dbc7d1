import { Injectable, Logger } from '@nestjs/common';
import { appInstances } from '@wix/app-management';
import { contacts } from '@wix/crm';
import { products, productsV3 } from '@wix/stores';
import {
  OnWixEvent,
  WixHttpService,
  type WixEvent,
  type WixEventDefinition,
  type WixEventEnvelope,
} from 'nestjs-wix-auth';
import { WixAuthTestingModule, WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';
import { lastValueFrom } from 'rxjs';

import { CapturedLogs } from '../support/captured-logs.js';
import { platforms, startApp, type RunningApp } from '../support/running-app.js';

const AT = '2026-01-02T03:04:05.678Z';
const CREATED = 'wix.stores.catalog.v3.product_created';

/** What handlers were given, newest last. */
const seen: (readonly [handler: string, event: unknown])[] = [];

/** Of a package that fails twice on what Wix sent, and then was updated. */
let failures = 2;
const faulty: WixEventDefinition<{ readonly data: object }> = {
  __type: 'event-definition',
  type: 'PlanTransferred',
  __payload: { data: {} },
  transformations: (event) => {
    failures -= 1;
    if (failures >= 0) throw new TypeError('no such path');
    return event;
  },
};

@Injectable()
class Handlers {
  constructor(private readonly wix: WixHttpService) {}

  @OnWixEvent(productsV3.onProductCreated)
  async created(event: productsV3.ProductCreatedEnvelope): Promise<void> {
    const { data } = await lastValueFrom(this.wix.asInstance(event).get<{ instance: object }>('/apps/v1/instance'));
    seen.push(['created', event], ['opened', data.instance]);
  }

  @OnWixEvent(CREATED)
  createdInRest(event: WixEvent<typeof CREATED, { readonly id: string; readonly createdDate: string }>): void {
    seen.push(['created in REST', event.entity]);
  }

  @OnWixEvent(contacts.onContactUpdated)
  updated(event: WixEventEnvelope<typeof contacts.onContactUpdated>): void {
    seen.push(['updated', event]);
  }

  @OnWixEvent(contacts.onContactDeleted)
  @OnWixEvent(productsV3.onProductDeleted)
  deleted({ metadata }: Pick<contacts.ContactDeletedEnvelope, 'metadata'>): void {
    seen.push(['deleted', metadata]);
  }

  @OnWixEvent(contacts.onContactMerged)
  merged({ data, metadata }: contacts.ContactMergedEnvelope): void {
    seen.push(['merged', { data, slug: metadata.slug }]);
  }

  @OnWixEvent(appInstances.onAppInstanceInstalled)
  installed(event: appInstances.AppInstanceInstalledEnvelope): void {
    seen.push(['installed', event]);
  }

  @OnWixEvent(products.onProductCreated)
  flat(event: products.ProductCreatedEnvelope): void {
    seen.push(['flat', event]);
  }

  @OnWixEvent(faulty)
  transferred({ data }: { readonly data: object }): void {
    seen.push(['transferred', data]);
  }

  @OnWixEvent('*')
  @OnWixEvent(productsV3.onProductDeleted)
  both(event: { readonly type?: string; readonly metadata?: { readonly slug?: string } }): void {
    seen.push(['both', event.type ?? event.metadata?.slug]);
  }
}

describe.each(platforms)('Events by the definition of a package, on %s', (platform) => {
  const logs = new CapturedLogs();
  let wix: WixEmulator;
  let app: EmulatedApp;
  let install: EmulatedInstall;
  let running: RunningApp;

  beforeAll(async () => {
    failures = 2;
    wix = await WixEmulator.start();
    app = wix.addApp();
    install = wix.install(app, wix.addSite(), { grants: ['SCOPE.DC.MANAGE-YOUR-APP'] });
    const registration = WixAuthTestingModule.forApp(wix, app, { webhooks: {} });
    running = await startApp(
      platform,
      { imports: [registration], providers: [Handlers] },
      { configure: () => void Logger.overrideLogger(logs) },
    );
  });
  beforeEach(() => {
    seen.length = 0;
    logs.entries.length = 0;
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  const send = (type: string, data: object, more = {}): Promise<number> => {
    const delivery = wix.send.webhook(install, `${running.url}/wix/webhooks`, { type, data: { ...data }, ...more });
    return delivery.delivered.then(() => delivery.attempts.at(-1)?.status ?? 0);
  };
  const about = (entityFqdn: string, slug: string, happening: object) => ({
    id: `${slug}-${platform}`,
    entityFqdn,
    slug,
    entityId: 'entity-1',
    eventTime: AT,
    entityEventSequence: '7',
    triggeredByAnonymizeRequest: false,
    ...happening,
  });
  const given = (handler: string): unknown => seen.find(([name]) => name === handler)?.[1];

  it('pass the entity with _id and dates, complete metadata, and give access to the site', async () => {
    const entity = { id: 'product-1', createdDate: AT, name: 'Bowl', revision: '3' };
    const event = about('wix.stores.catalog.v3.product', 'created', {
      createdEvent: { entity },
      originatedFrom: 'csv',
    });
    const identity = { identityType: 'WIX_USER', wixUserId: 'user-1' };
    await expect(send(CREATED, event, { identity })).resolves.toBe(200);
    expect(given('created')).toEqual({
      entity: { _id: 'product-1', _createdDate: new Date(AT), name: 'Bowl', revision: '3' },
      metadata: {
        _id: `created-${platform}`,
        entityFqdn: 'wix.stores.catalog.v3.product',
        slug: 'created',
        entityId: 'entity-1',
        eventTime: new Date(AT),
        entityEventSequence: '7',
        triggeredByAnonymizeRequest: false,
        originatedFrom: 'csv',
        identity,
        accountInfo: { siteId: install.site.siteId },
        instanceId: install.instanceId,
        eventType: CREATED,
      },
    });
    expect(given('opened')).toMatchObject({ instanceId: install.instanceId });
  });

  it('leave the REST shape to handlers that name the type', async () => {
    const entity = { id: 'product-2', createdDate: AT };
    await send(CREATED, {
      ...about('wix.stores.catalog.v3.product', 'created', { createdEvent: { entity } }),
      id: 'r',
    });
    expect(given('created in REST')).toEqual(entity);
    expect(given('both')).toBe(CREATED);
  });

  it('pass what an update changed, by its path', async () => {
    const modifiedFields = { 'info.name.first': 'Ann', createdDate: AT, 'info.emails.items[1].id': 'mail-2' };
    const event = about('wix.contacts.v4.contact', 'updated', {
      updatedEvent: { currentEntity: { id: 'contact-1' }, modifiedFields },
    });
    await expect(send('wix.contacts.v4.contact_updated', event)).resolves.toBe(200);
    expect(given('updated')).toMatchObject({
      entity: { _id: 'contact-1' },
      modifiedFields: { 'info.name.first': 'Ann', 'info.emails.items[1]._id': 'mail-2' },
    });
  });

  it('pass deletions, with their cause', async () => {
    const event = about('wix.contacts.v4.contact', 'deleted', { deletedEvent: {}, originatedFrom: 'merge' });
    await expect(send('wix.contacts.v4.contact_deleted', event)).resolves.toBe(200);
    expect(given('deleted')).toMatchObject({ originatedFrom: 'merge', slug: 'deleted', eventTime: new Date(AT) });
  });

  it('pass actions', async () => {
    const body = { sourceContactIds: ['a'], targetContactId: 'b' };
    const event = about('wix.contacts.v4.contact', 'merged', { actionEvent: { body } });
    await expect(send('wix.contacts.v4.contact_merged', event)).resolves.toBe(200);
    expect(given('merged')).toEqual({ data: body, slug: 'merged' });
  });

  it('pass events of the app’s life', async () => {
    await expect(send('AppInstalled', { appId: app.appId })).resolves.toBe(200);
    expect(given('installed')).toEqual({
      data: { appId: app.appId },
      metadata: {
        accountInfo: { siteId: install.site.siteId },
        instanceId: install.instanceId,
        eventType: 'AppInstalled',
      },
    });
  });

  it('pass flat events of older packages', async () => {
    const data = { productId: 'product-1', name: 'Bowl', price: { price: 'NaN' } };
    await expect(send('com.wix.ecommerce.catalog.api.v1.ProductCreated', data)).resolves.toBe(200);
    expect(given('flat')).toMatchObject({ data: { productId: 'product-1', name: 'Bowl', price: { price: NaN } } });
  });

  it('use the definition where a method handles all types as well', async () => {
    await send('wix.stores.catalog.v3.product_deleted', about('wix.stores.catalog.v3.product', 'deleted', {}));
    expect(given('both')).toBe('deleted');
  });

  it('are resent when a transformation fails, with one log line each time, and affect no other handler', async () => {
    const delivery = wix.send.webhook(install, `${running.url}/wix/webhooks`, { type: 'PlanTransferred', data: {} });
    await expect(delivery.delivered).resolves.toBe(true);
    expect(delivery.attempts.map(({ status }) => status)).toEqual([500, 500, 200]);
    expect(seen.map(([name]) => name)).toEqual(['both', 'transferred']);
    const errors = logs.of('error', 'WixAuthModule');
    expect(errors).toHaveLength(2);
    expect(errors[0]).toMatch(/Handlers.transferred failed on PlanTransferred.*Wix will send it again/);
    expect(logs.dump).toMatch(/could not transform the event \(TypeError: no such path\)/);
  });

  it('are deeply frozen', async () => {
    const entity = { id: 'product-3', media: { items: [] } };
    await send(CREATED, {
      ...about('wix.stores.catalog.v3.product', 'created', { createdEvent: { entity } }),
      id: 'f',
    });
    const event = given('created') as { entity: { media: { items: unknown[] } }; metadata: { slug: string } };
    for (const change of [
      () => (event.metadata.slug = 'x'),
      () => event.entity.media.items.push(1),
      () => Object.assign(event, { entity: {} }),
    ]) {
      expect(change).toThrow(TypeError);
    }
  });
});
