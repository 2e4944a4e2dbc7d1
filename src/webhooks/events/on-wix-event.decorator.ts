import { noteDecorated } from '../../nest/decorated-methods.js';
import { COPY, EVENT_TYPES, thisCopy } from '../../core/marks.js';
import { WixMisconfiguredError } from '../../core/wix-auth.errors.js';
import { requireEventDefinition, type WixEventDefinition } from '../envelopes/event-definition.js';
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

/** Goes on a method that can be called as `Method` is; any other does not compile. */
export type WixEventMethodDecorator<Method> = <Handler extends Method>(
  target: object,
  name: string | symbol,
  descriptor: TypedPropertyDescriptor<Handler>,
) => void;

/** One type of event that a method handles. */
export interface HandledEvent {
  readonly type: string;
  /** The event definition; without one, the method takes the event in REST form. */
  readonly definition?: WixEventDefinition;
}

/**
 * Makes a method of any provider or controller a handler of events Wix sends. What it returns is awaited and ignored, and
 * when it throws, Wix sends the event again and only handlers that failed run again. Several handlers of one event run at
 * the same time; a method may handle several types.
 *
 * - `@OnWixEvent('wix.contacts.v4.contact_created')` hands it a {@link WixEvent}, in the shape of Wix's REST documentation.
 * - `@OnWixEvent(contacts.onContactCreated)`, with an event of a `@wix/*` package, hands it what Wix's SDK would: the
 *   package's own types with `entity._id` and `Date`s, and `metadata`. A handler of another event does not compile.
 *
 * Both are frozen, open the site for `asInstance()`, and come with a {@link WixEventContext}.
 *
 * Handlers must be safe to run twice for one event, which happens when a process dies in the middle.
 *
 * @throws {@link WixMisconfiguredError} for what is neither, and for a method that handles one type in two ways.
 */
export function OnWixEvent<Envelope>(
  definition: WixEventDefinition<Envelope>,
): WixEventMethodDecorator<(event: Envelope, context: WixEventContext) => unknown>;
export function OnWixEvent<Type extends WixEventType>(type: Type): WixEventMethodDecorator<EventHandler<EventOf<Type>>>;
export function OnWixEvent(event: string | WixEventDefinition): WixEventMethodDecorator<(...args: never[]) => unknown> {
  const handled = handledEvent(event);
  return (target, name, descriptor) => {
    const handler = descriptor.value;
    if (handler === undefined) return;
    Reflect.defineMetadata(EVENT_TYPES, withEvent(eventsHandledBy(handler), handled, String(name)), handler);
    Reflect.defineMetadata(COPY, thisCopy, handler);
    noteDecorated(target, name, handler);
  };
}

/** The events a method handles; none when it is no handler. */
export function eventsHandledBy(method: unknown): readonly HandledEvent[] {
  const events: unknown = typeof method === 'function' ? Reflect.getMetadata(EVENT_TYPES, method) : undefined;
  return Array.isArray(events) ? (events as readonly HandledEvent[]) : [];
}

function handledEvent(event: unknown): HandledEvent {
  if (typeof event === 'string') return { type: event };
  requireEventDefinition(event);
  return { type: event.type, definition: event };
}

function withEvent(known: readonly HandledEvent[], added: HandledEvent, method: string): readonly HandledEvent[] {
  const same = known.find(({ type }) => type === added.type);
  if (same === undefined) return [...known, added];
  if (same.definition === added.definition) return known;
  throw new WixMisconfiguredError(
    `${method} handles ${added.type} both by its type and by a definition, or by two definitions, and would not know ` +
      'what it is given: keep one @OnWixEvent() for it, or use two methods.',
  );
}
