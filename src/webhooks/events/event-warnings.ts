import { nearestTo } from '../../core/values/nearest.js';
import type { FoundHandler } from './event-handlers.explorer.js';

/** Likely mistakes in the handlers of a registration with webhooks. */
export async function eventWarnings(handlers: readonly FoundHandler[]): Promise<readonly string[]> {
  if (handlers.length === 0)
    return ['No method is marked with @OnWixEvent: webhooks are accepted, and nothing handles them.'];
  // Needed once, by applications that handle events: the others need not load it.
  const { knownEvents } = await import('./known-events.js');
  return handlers.flatMap(({ name, events }) =>
    events.flatMap(({ type, definition }) => {
      // A definition may be newer than the list.
      const nearest = type === '*' || definition !== undefined ? undefined : nearestTo(type, knownEvents);
      return nearest === undefined
        ? []
        : [`${name} handles ${type}, which is not known as an event of Wix: did you mean ${nearest}?`];
    }),
  );
}

/** The warning about handlers that no registration calls. */
export const unmountedWarning = (handlers: readonly FoundHandler[]): string =>
  `These methods are marked with @OnWixEvent and never run, because WixAuthModule was given no webhooks option: ` +
  `${handlers.map(({ name }) => name).join(', ')}.`;
