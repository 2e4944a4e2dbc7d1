import { eventKey, workKey } from '../../../../src/webhooks/events/event-key.js';
import { readEvent } from '../../../../src/webhooks/events/read-event.js';
import { APP_ID, INSTANCE_TEXT, OTHER_APP_ID } from '../../../support/app.js';

const keyOf = (iat: number, eventType: string, data: object, appId = APP_ID): string => {
  const claims = { iat, data: JSON.stringify({ eventType, instanceId: INSTANCE_TEXT, data: JSON.stringify(data) }) };
  return eventKey(appId, readEvent(claims, 100), claims);
};
const contact = { id: 'event-1', entityFqdn: 'contact' };

describe('eventKey', () => {
  it('is the same for a resend, and for a domain event that is signed again', () => {
    expect(keyOf(1, 'AppInstalled', {})).toBe(keyOf(1, 'AppInstalled', {}));
    expect(keyOf(1, 'contact_created', contact)).toBe(keyOf(2, 'contact_created', contact));
  });

  it('distinguishes install, remove, install and remove', () => {
    const keys = [keyOf(1, 'AppInstalled', {}), keyOf(2, 'AppRemoved', {}), keyOf(3, 'AppInstalled', {})];
    expect(new Set([...keys, keyOf(4, 'AppRemoved', {})]).size).toBe(4);
  });

  it('distinguishes apps, events and handlers', () => {
    const keys = [keyOf(1, 'AppInstalled', {}), keyOf(1, 'AppInstalled', {}, OTHER_APP_ID), keyOf(1, 'c', contact)];
    keys.push(keyOf(1, 'c', { ...contact, id: 'event-2' }), keyOf(1, 'AppInstalled', { originInstanceId: 'x' }));
    expect(new Set(keys).size).toBe(5);
    expect(workKey('event', 'a')).not.toBe(workKey('event', 'b'));
  });
});
