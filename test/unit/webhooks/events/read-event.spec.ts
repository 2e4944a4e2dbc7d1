import { WixCredentialsMalformedError } from '../../../../src/core/wix-auth.errors.js';
import { readEvent } from '../../../../src/webhooks/events/read-event.js';

const INSTANCE_ID = '9f9c5c16-59c8-4708-8c25-855505daa954';
const iat = 1_800_000_000;
const contact = {
  id: 'event-1',
  entityFqdn: 'wix.contacts.v4.contact',
  slug: 'updated',
  entityId: 'contact-1',
  updatedEvent: { currentEntity: { name: 'Ann' }, modifiedFields: { name: 'Anna' } },
  eventTime: '2026-01-02T03:04:05.678Z',
  triggeredByAnonymizeRequest: false,
  originatedFrom: 'merge',
  entityEventSequence: '7',
};
const envelope = {
  eventType: 'wix.contacts.v4.contact_updated',
  instanceId: INSTANCE_ID.toUpperCase(),
  identity: JSON.stringify({ identityType: 'WIX_USER', wixUserId: 'user-1' }),
  accountInfo: { accountId: 'account-1', siteId: 'site-1' },
};
const event = {
  type: 'wix.contacts.v4.contact_updated',
  instanceId: INSTANCE_ID,
  issuedAt: new Date(iat * 1_000),
  identity: { type: 'user', userId: 'user-1' },
  accountInfo: { accountId: 'account-1', siteId: 'site-1' },
  id: 'event-1',
  entityFqdn: 'wix.contacts.v4.contact',
  entityId: 'contact-1',
  slug: 'updated',
  originatedFrom: 'merge',
  eventTime: new Date('2026-01-02T03:04:05.678Z'),
  sequence: 7,
  triggeredByAnonymizeRequest: false,
  entity: { name: 'Ann' },
  modifiedFields: { name: 'Anna' },
};
const readDomain = (content: object) =>
  readEvent({ iat, data: { ...envelope, data: { id: 'event-1', entityFqdn: 'fqdn', ...content } } }, 100);

describe('readEvent', () => {
  it('reads JSON nested in strings, as Wix sends it', () => {
    const data = JSON.stringify({ ...envelope, data: JSON.stringify(contact) });
    expect(readEvent({ iat, data }, 100)).toEqual(event);
  });

  it('reads objects at every level as well', () => {
    expect(readEvent({ iat, data: { ...envelope, data: contact } }, 100)).toEqual(event);
  });

  it.each([
    ['created', { createdEvent: { entity: { a: 1 } } }, { entity: { a: 1 } }],
    ['created, as JSON', { createdEvent: { entityAsJson: '{"a":1}' } }, { entity: { a: 1 } }],
    ['updated, as JSON', { updatedEvent: { currentEntityAsJson: '{"a":1}' } }, { entity: { a: 1 } }],
    ['deleted', { deletedEvent: { deletedEntity: { a: 1 } } }, { entity: { a: 1 } }],
    ['of an action', { actionEvent: { body: { a: 1 } } }, { data: { a: 1 } }],
  ])('finds what comes with an event %s', (_kind, content, found) => {
    expect(readDomain(content)).toMatchObject(found);
  });

  it('returns lifecycle events with their data and no id', () => {
    const data = { eventType: 'AppInstalled', instanceId: INSTANCE_ID, data: '{"appId":"app-1"}' };
    const installed = readEvent({ iat, data: JSON.stringify(data) }, 100);
    expect(installed).toEqual({
      type: 'AppInstalled',
      instanceId: INSTANCE_ID,
      issuedAt: new Date(iat * 1_000),
      data: { appId: 'app-1' },
    });
  });

  it('is frozen down to the entity', () => {
    const entity = readEvent({ iat, data: { ...envelope, data: contact } }, 100).entity as { name: string };
    expect(() => (entity.name = 'Bob')).toThrow(TypeError);
  });

  it.each([{}, { data: 'no JSON' }, { data: { eventType: 'x' } }, { data: { instanceId: INSTANCE_ID } }])(
    'refuses %j, which names no event',
    (claims) => {
      expect(() => readEvent({ iat, ...claims }, 100)).toThrow(WixCredentialsMalformedError);
    },
  );
});
