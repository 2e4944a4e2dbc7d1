import { appInstances, billing } from '@wix/app-management';
import * as appManagement from '@wix/app-management';
import * as bookings from '@wix/bookings';
import * as crm from '@wix/crm';
import * as ecom from '@wix/ecom';
import * as stores from '@wix/stores';
import { AppStrategy, createClient } from '@wix/sdk';

import { KnownInstances } from '../../../../src/core/identities/known-instances.js';
import type { WixEventDefinition } from '../../../../src/webhooks/envelopes/event-definition.js';
import { SdkEnvelopes } from '../../../../src/webhooks/envelopes/sdk-envelopes.js';
import { readEvent } from '../../../../src/webhooks/events/read-event.js';
import { APP_ID, INSTANCE_TEXT } from '../../../support/app.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { keyPair, rs256 } from '../signing.js';

const AT = '2026-01-02T03:04:05.678Z';
const { publicKey, privateKey } = keyPair();
const clock = new FakeClock();
const known = new KnownInstances(clock);

/** Every definition of the packages that are installed here. */
const definitions = [appManagement, bookings, crm, ecom, stores]
  .flatMap((modules) => Object.values<object>(modules))
  .flatMap((module) => Object.entries(module))
  .filter((entry): entry is [string, WixEventDefinition] => /^on[A-Z]/.test(entry[0]) && '__type' in Object(entry[1]));

/** What may stand anywhere in an entity: dates, numbers that JSON has no words for, images, addresses. */
const entity = () => ({
  id: 'entity-1',
  createdDate: AT,
  updatedDate: AT,
  startDate: null,
  name: 'Ann',
  price: { amount: 'NaN', price: 'Infinity' },
  mainMedia: { image: { id: 'image-1', url: 'https://static.wixstatic.com/media/image-1.jpg', height: 1, width: 1 } },
  address: { country: 'DE', addressLine: 'Invalidenstr. 1', city: 'Berlin' },
  items: [{ id: 'item-1', createdDate: AT }],
});

const happening = (slug: string): object => {
  if (slug.endsWith('created')) return { createdEvent: { entity: entity(), restoreInfo: { deletedDate: AT } } };
  if (slug.endsWith('deleted')) return { deletedEvent: { deletedEntity: entity() } };
  return slug.includes('updated')
    ? { updatedEvent: { currentEntity: entity(), modifiedFields: { name: 'Ann', 'mainMedia.image.id': 'image-0' } } }
    : { actionEvent: { body: { ...entity(), note: { id: 'note-1' } } } };
};

function claimsOf({ type, isDomainEvent }: WixEventDefinition, happened: object = happening(type)): object {
  const [entityFqdn, slug] = type.split('_');
  const about = { id: 'event-1', entityFqdn, slug, entityId: 'entity-1', eventTime: AT, entityEventSequence: '7' };
  const more = { triggeredByAnonymizeRequest: true, originatedFrom: 'import' };
  const data = isDomainEvent === true ? { ...about, ...more, ...happened } : { ...entity(), productId: 'p' };
  const identity = JSON.stringify({ identityType: 'MEMBER', memberId: 'member-1' });
  const accountInfo = { accountId: 'account-1', siteId: 'site-1' };
  const envelope = { eventType: type, instanceId: INSTANCE_TEXT, identity, accountInfo, data: JSON.stringify(data) };
  return { data: JSON.stringify(envelope), iat: clock.nowS() };
}

function ours(definition: WixEventDefinition, claims: object): object {
  const envelopes = new SdkEnvelopes(known);
  const read = { ...claims };
  return envelopes.of(envelopes.remember(readEvent(read, 100), read), definition);
}

async function sdks(definition: WixEventDefinition, claims: object): Promise<unknown> {
  const seen: unknown[] = [];
  const modules = { tested: { onEvent: definition } };
  const client = createClient({ auth: AppStrategy({ appId: APP_ID, publicKey: pem }), modules });
  (client as unknown as { tested: { onEvent(handler: (event: unknown) => void): void } }).tested.onEvent((event) => {
    seen.push(event);
  });
  await client.webhooks.process(rs256(claims, privateKey));
  return seen[0];
}

const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();

// The types of the packages promise it, and the SDK does not keep the promise.
const withType = (envelope: unknown, eventType: string): unknown => {
  const { metadata, ...rest } = envelope as { readonly metadata: object };
  return { ...rest, metadata: { ...metadata, eventType } };
};

describe('SdkEnvelopes', () => {
  it('checks its own comparison', () => {
    expect(definitions.length).toBeGreaterThan(150);
  });

  it.each(definitions)('turns %s into what the SDK returns', async (_name, definition) => {
    const claims = claimsOf(definition);
    expect(ours(definition, claims)).toEqual(withType(await sdks(definition, claims), definition.type));
  });

  it('returns the same for a deletion without an entity', async () => {
    const { onContactDeleted } = crm.contacts;
    const claims = claimsOf(onContactDeleted, { deletedEvent: {} });
    expect(ours(onContactDeleted, claims)).toEqual(
      withType(await sdks(onContactDeleted, claims), onContactDeleted.type),
    );
    expect(ours(onContactDeleted, claims)).not.toHaveProperty('entity');
  });

  it('passes what Wix sent where a definition transforms nothing', () => {
    const definition = plain(appInstances.onAppInstanceRemoved);
    expect(ours(definition, claimsOf(definition))).toMatchObject({ data: { id: 'entity-1', productId: 'p' } });
  });

  it('finds entities that are JSON in a string, and nesting in objects', () => {
    const { onProductCreated } = stores.productsV3;
    const data = {
      eventType: onProductCreated.type,
      instanceId: INSTANCE_TEXT,
      data: { id: 'e', entityFqdn: 'f', createdEvent: { entityAsJson: JSON.stringify(entity()) } },
    };
    expect(ours(onProductCreated, { data })).toMatchObject({ entity: { _id: 'entity-1', _createdDate: new Date(AT) } });
    expect(data.data).toHaveProperty('id', 'e');
  });

  it('gives each handler an envelope of its own', () => {
    const { onContactCreated } = crm.contacts;
    const claims = claimsOf(onContactCreated);
    const envelopes = new SdkEnvelopes(known);
    const event = envelopes.remember(readEvent({ ...claims }, 100), { ...claims });
    const dateOf = (envelope: object) => (envelope as { metadata: { eventTime: Date } }).metadata.eventTime;
    dateOf(envelopes.of(event, onContactCreated)).setTime(0);
    expect(dateOf(envelopes.of(event, onContactCreated))).toEqual(new Date(AT));
  });

  it('lets the envelope give access to the site of the event, whatever its content says', () => {
    const { onAppInstanceInstalled } = appInstances;
    const envelope = ours(onAppInstanceInstalled, claimsOf(onAppInstanceInstalled)) as never;
    expect(known.idOf(envelope)).toBe(INSTANCE_TEXT);
    expect(() => known.idOf({ ...(envelope as object) } as never)).toThrow(/opens a site/);
  });

  it('uses the installation of the outer envelope', () => {
    const { onContactCreated } = crm.contacts;
    const claims = claimsOf(onContactCreated, { createdEvent: { entity: {} }, instanceId: 'of another' });
    expect(ours(onContactCreated, claims)).toMatchObject({ metadata: { instanceId: INSTANCE_TEXT } });
  });

  it('leaves bytes unfrozen, since they cannot be frozen', () => {
    const definition: WixEventDefinition<{ data: Uint8Array }> = {
      __type: 'event-definition',
      type: 'Bytes',
      __payload: { data: new Uint8Array() },
      transformations: () => ({ data: Uint8Array.of(1, 2) }),
    };
    expect(ours(definition, claimsOf(definition))).toEqual({ data: Uint8Array.of(1, 2) });
  });

  it.each([
    ['throws', () => JSON.parse('{') as unknown, /could not transform the event \(SyntaxError: /],
    ['gives no object', () => 'text', /gave back no object/],
    ['gives nothing', () => undefined, /gave back no object/],
  ])('says what failed when a transformation %s', (_what, transformations, message) => {
    const definition = { ...plain(billing.onPurchasedItemInvoiceStatusUpdated), transformations };
    expect(() => ours(definition, claimsOf(definition))).toThrow(message);
  });
});

const plain = ({ type }: WixEventDefinition): WixEventDefinition => ({
  __type: 'event-definition',
  type,
  __payload: undefined,
});
