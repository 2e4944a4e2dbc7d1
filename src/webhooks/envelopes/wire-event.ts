import { isJsonObject, parseJson, type JsonObject } from '../../core/values/json.js';

/** What JSON in a string holds, or a value that is no string as it is. */
export const parsed = (value: unknown): unknown => (typeof value === 'string' ? parseJson(value) : value);

/** An object, or the one that JSON in a string holds; else an empty one. */
export function nested(value: unknown): JsonObject {
  const object = parsed(value);
  return isJsonObject(object) ? object : {};
}

/**
 * A member that Wix writes either as it is, or as JSON in a string under another name: its generated typings name the
 * string, and its webhooks were seen with the plain one.
 */
export const either = (object: JsonObject, name: string): unknown => object[name] ?? parsed(object[`${name}AsJson`]);

/** What happened to an entity of a domain event: at most one of these is there. */
export const HAPPENINGS = ['createdEvent', 'updatedEvent', 'deletedEvent', 'actionEvent'] as const;
