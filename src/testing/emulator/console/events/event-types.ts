import { eventTypes } from '../catalogue/event-types.js';
import type { EventTypeView } from '../console-api.js';

const PLAIN = /^(.+)_(created|updated|deleted)$/;

// Shortest first.
const entities = [...new Set(eventTypes.flatMap((type) => PLAIN.exec(type)?.[1] ?? []))].toSorted(
  (one, other) => one.length - other.length,
);

/** Every event Wix is known to send, lifecycle events first. */
export const knownEventTypes: readonly EventTypeView[] = eventTypes.map(viewOf);

/** An event's type by its name; an unknown type is derived from its name. */
export const eventTypeOf = (type: string): EventTypeView =>
  knownEventTypes.find((known) => known.type === type) ?? viewOf(type);

function viewOf(type: string): EventTypeView {
  if (!type.includes('.')) return { type, group: 'app', entity: null, slug: type };
  if (!type.startsWith('wix.')) return { type, group: type.split('.')[2] ?? 'other', entity: null, slug: type };
  const { entity, slug } = partsOf(type);
  return { type, group: type.split('.')[1] ?? 'other', entity, slug };
}

// `wix.ecom.v1.order_approved` is about a `wix.ecom.v1.order`: names of entities and of actions both may have underscores,
// so the longest entity that also has plain events decides.
function partsOf(type: string): { readonly entity: string; readonly slug: string } {
  const plain = PLAIN.exec(type);
  if (plain) return { entity: plain[1] ?? type, slug: plain[2] ?? '' };
  const entity = entities.findLast((one) => type.startsWith(`${one}_`)) ?? shortestEntity(type);
  return { entity, slug: type.slice(entity.length + 1) };
}

function shortestEntity(type: string): string {
  const underscore = type.indexOf('_', type.lastIndexOf('.'));
  return underscore === -1 ? type : type.slice(0, underscore);
}
