import { noteDecorated } from '../../nest/decorated-methods.js';
import { COPY, EVENT_TYPES, thisCopy } from '../../core/marks.js';
import type { WixEventContext } from './event-handler.js';
import type { WixEvent } from './wix-event.js';
import type { KnownWixEvent } from './known-events.js';
import type { WixLifecycleEventType } from './lifecycle-events.js';

/**
 * A type of event: one of the app's life, one of a site such as `wix.contacts.v4.contact_created`, or `'*'` for all. Known
 * types complete in the editor; any other text is accepted, because Wix adds events all the time.
 */
export type WixEventType = WixLifecycleEventType | KnownWixEvent | '*' | (string & {});

// A method's parameters are compared both ways, so a handler may name the entity it expects.
type EventHandler<Type extends string> = { handle(event: WixEvent<Type>, context: WixEventContext): unknown }['handle'];
type EventOf<Type extends string> = '*' extends Type ? string : Type;

/**
 * Makes a method of any provider or controller a handler of events Wix sends. It gets a {@link WixEvent} and a {@link WixEventContext}; what it
 * returns is awaited and ignored, and when it throws, Wix sends the event again and only handlers that failed run
 * again. Several handlers of one event run at the same time; a method may handle several types.
 *
 * Handlers must bear to run twice for one event, which happens when a process dies in the middle.
 */
export const OnWixEvent =
  <Type extends WixEventType>(type: Type) =>
  /** @typeParam Handler the method, which takes an event of that type. */
  <Handler extends EventHandler<EventOf<Type>>>(
    target: object,
    name: string | symbol,
    descriptor: TypedPropertyDescriptor<Handler>,
  ): void => {
    const handler = descriptor.value;
    if (handler === undefined) return;
    Reflect.defineMetadata(EVENT_TYPES, [...eventTypesOf(handler), type], handler);
    Reflect.defineMetadata(COPY, thisCopy, handler);
    noteDecorated(target, name, handler);
  };

/** The types of event a method handles; none when it is no handler. */
export function eventTypesOf(method: unknown): readonly string[] {
  const types: unknown = typeof method === 'function' ? Reflect.getMetadata(EVENT_TYPES, method) : undefined;
  return Array.isArray(types) ? types.filter((type) => typeof type === 'string') : [];
}
