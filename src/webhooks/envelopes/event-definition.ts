import { WixMisconfiguredError } from '../../core/wix-auth.errors.js';

const DEFINITION = 'event-definition';

/**
 * An event's definition, as the `@wix/*` packages export it: `contacts.onContactCreated` of `@wix/crm`. Told by its shape:
 * this library needs no package.
 */
export interface WixEventDefinition<Envelope = unknown> {
  /** What it is. */
  readonly __type: 'event-definition';
  /** The event's type, such as `wix.contacts.v4.contact_created`. */
  readonly type: string;
  /** Whether the event is about an entity, and not flat as those of the app's life. */
  readonly isDomainEvent?: boolean | undefined;
  /** Turns what Wix sends into the package's own form: `_id`, `Date`s. Writes into what it is given. */
  transformations?(envelope: unknown): unknown;
  /** What a handler is given; not there at run time. */
  readonly __payload: Envelope;
}

/** What a handler of a definition's event is given: `WixEventEnvelope<typeof contacts.onContactCreated>`. */
export type WixEventEnvelope<Definition extends WixEventDefinition> = Definition['__payload'];

/**
 * Makes sure that something is a definition, as code without types may give anything.
 *
 * @throws {@link WixMisconfiguredError} when it is not.
 */
export function requireEventDefinition(given: unknown): asserts given is WixEventDefinition {
  if (isEventDefinition(given)) return;
  throw new WixMisconfiguredError(
    '@OnWixEvent() takes a type of event, or an event definition of a @wix/* package such as contacts.onContactCreated ' +
      'of @wix/crm.',
  );
}

// The packages export functions with these properties, and Wix's SDK makes objects of them.
function isEventDefinition(given: unknown): given is WixEventDefinition {
  if ((typeof given !== 'object' && typeof given !== 'function') || given === null) return false;
  return Reflect.get(given, '__type') === DEFINITION && typeof Reflect.get(given, 'type') === 'string';
}
