import { contacts } from '@wix/crm';
import { products, productsV3 } from '@wix/stores';

import { OnWixEvent, type WixEvent, type WixEventContext, type WixEventEnvelope } from '../../../../src/index.js';
import { eventsHandledBy } from '../../../../src/webhooks/events/on-wix-event.decorator.js';
import { codeOf } from '../../../support/code-of.js';

const handledBy = (type: { readonly prototype: { handle: unknown } }) => eventsHandledBy(type.prototype.handle);
const javascript = (value: unknown): never => value as never;
const anything = (): never => undefined as never;

describe('OnWixEvent', () => {
  it('accepts types and definitions on one method, and each once', () => {
    class Handlers {
      @OnWixEvent('*')
      @OnWixEvent(contacts.onContactCreated)
      @OnWixEvent('AppInstalled')
      @OnWixEvent('AppInstalled')
      @OnWixEvent(contacts.onContactCreated)
      handle(event: object): unknown {
        return event;
      }
    }
    expect(handledBy(Handlers)).toEqual([
      { type: 'wix.contacts.v4.contact_created', definition: contacts.onContactCreated },
      { type: 'AppInstalled' },
      { type: '*' },
    ]);
  });

  it.each([
    ['by its type and by a definition', 'wix.contacts.v4.contact_created'],
    ['by two definitions', { __type: 'event-definition', type: 'wix.contacts.v4.contact_created' }],
  ])('refuses a method that handles one type twice, %s', async (_how, other) => {
    const declare = () => {
      class Handlers {
        @OnWixEvent(javascript(other))
        @OnWixEvent(contacts.onContactCreated)
        handle(event: unknown): unknown {
          return event;
        }
      }
      return Promise.resolve(Handlers);
    };
    await expect(codeOf(declare)).resolves.toBe('WIX_MISCONFIGURED');
  });

  it.each([undefined, null, 7, {}, contacts, contacts.createContact, { __type: 'event-definition' }])(
    'refuses %p, which is neither',
    async (value) => {
      await expect(codeOf(() => Promise.resolve(OnWixEvent(javascript(value))))).resolves.toBe('WIX_MISCONFIGURED');
    },
  );

  it('does not compile on a handler of another event', () => {
    class Handlers {
      @OnWixEvent(contacts.onContactCreated)
      own(event: contacts.ContactCreatedEnvelope, { signal }: WixEventContext): unknown {
        return [event.entity._id, event.entity._createdDate?.getTime(), event.metadata.originatedFrom, signal.aborted];
      }

      @OnWixEvent(contacts.onContactCreated)
      part({ metadata }: { readonly metadata: { readonly entityFqdn?: string } }): unknown {
        return metadata.entityFqdn;
      }

      // @ts-expect-error A product is no contact.
      @OnWixEvent(contacts.onContactCreated)
      product(event: productsV3.ProductCreatedEnvelope): unknown {
        return event;
      }

      // @ts-expect-error A deletion brings no entity.
      @OnWixEvent(contacts.onContactDeleted)
      created(event: contacts.ContactCreatedEnvelope): unknown {
        return event;
      }

      // @ts-expect-error An action brings data.
      @OnWixEvent(contacts.onContactMerged)
      merged(event: contacts.ContactUpdatedEnvelope): unknown {
        return event;
      }

      // @ts-expect-error A flat event brings data.
      @OnWixEvent(products.onProductCreated)
      flat(event: productsV3.ProductCreatedEnvelope): unknown {
        return event;
      }

      // @ts-expect-error A definition hands over no REST shape.
      @OnWixEvent(contacts.onContactCreated)
      rest(event: WixEvent<'wix.contacts.v4.contact_created'>): unknown {
        return event;
      }

      // @ts-expect-error A type hands over no envelope.
      @OnWixEvent('wix.contacts.v4.contact_created')
      envelope(event: contacts.ContactCreatedEnvelope): unknown {
        return event;
      }
    }
    expect(Handlers).toBeDefined();
  });

  it('names the envelope of a definition', () => {
    const event: WixEventEnvelope<typeof contacts.onContactCreated> = { entity: { _id: 'a' }, metadata: {} };
    const same: contacts.ContactCreatedEnvelope = event;
    expect(same.entity._id).toBe('a');
  });
});

describe('WixEvent', () => {
  it('accepts entities in REST shape only', () => {
    interface Contact {
      readonly id: string;
      readonly name?: string | null;
    }
    const rest: WixEvent<'wix.contacts.v4.contact_created', Contact> = anything();
    const record: WixEvent<string, Record<string, unknown>> = anything();
    const list: WixEvent<string, readonly string[] | null> = anything();
    // @ts-expect-error Wix sends no _id.
    const sdk: WixEvent<'wix.contacts.v4.contact_created', contacts.Contact> = anything();
    // @ts-expect-error Nor in this kind of product.
    const product: WixEvent<string, productsV3.V3Product> = anything();
    // @ts-expect-error Nor where there may be nothing.
    const either: WixEvent<string, contacts.Contact | undefined> = anything();
    expect([rest, record, list, sdk, product, either]).toHaveLength(6);
  });
});
