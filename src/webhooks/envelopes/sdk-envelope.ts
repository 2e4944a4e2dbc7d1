import { isJsonObject, objectOf, textOf, type JsonObject } from '../../core/values/json.js';
import type { WixEventDefinition } from './event-definition.js';
import { transformedFields } from './modified-fields.js';
import { either, HAPPENINGS, nested, parsed } from './wire-event.js';

/**
 * The event in the claims of a verified webhook as Wix's SDK hands it to handlers: `entity` or `data`, `metadata`, and
 * what an update changed, after the transformation of the package that defines the event.
 *
 * @throws what the transformation throws.
 */
export function sdkEnvelopeIn(claims: JsonObject, definition: WixEventDefinition): JsonObject {
  const { modifiedFields, ...envelope } = envelopeIn(claims, definition);
  const transform = (given: JsonObject): unknown =>
    definition.transformations === undefined ? given : definition.transformations(given);
  const transformed = transform(envelope);
  if (!isJsonObject(transformed)) throw new TypeError('The transformation gave back no object.');
  if (!isJsonObject(modifiedFields)) return transformed;
  const transformField = (fields: JsonObject): unknown => {
    const changed = transform({ metadata: {}, modifiedFields: fields });
    return isJsonObject(changed) ? changed['modifiedFields'] : undefined;
  };
  return { ...transformed, modifiedFields: transformedFields(modifiedFields, transformField) };
}

// Made anew from the claims, since transformations write into what they are given.
function envelopeIn(claims: JsonObject, { isDomainEvent }: WixEventDefinition): JsonObject {
  const outer = nested(unshared(claims['data']));
  if (isDomainEvent !== true) return { data: parsed(outer['data']) ?? {}, metadata: metadataIn(outer) };
  const content = nested(outer['data']);
  const about = Object.entries(content).filter(([name]) => !HAPPENINGS.some((happening) => happening === name));
  return { ...whatHappened(content), metadata: metadataIn(outer, Object.fromEntries(about)) };
}

const unshared = (value: unknown): unknown => (typeof value === 'string' ? value : structuredClone(value));

// The installation and the type stand in the outer envelope, whatever an event says of its own.
function metadataIn(outer: JsonObject, about: JsonObject = {}): JsonObject {
  const identity = nested(outer['identity']);
  const accountInfo = nested(outer['accountInfo']);
  return {
    ...(Object.keys(identity).length > 0 && { identity }),
    ...(Object.keys(accountInfo).length > 0 && { accountInfo }),
    ...about,
    instanceId: textOf(outer, 'instanceId'),
    eventType: textOf(outer, 'eventType'),
  };
}

function whatHappened(content: JsonObject): JsonObject {
  if (isJsonObject(content['deletedEvent'])) return entityIn(content['deletedEvent'], 'deletedEntity');
  if (isJsonObject(content['actionEvent'])) return { data: either(content['actionEvent'], 'body') };
  if (isJsonObject(content['createdEvent'])) return entityIn(content['createdEvent'], 'entity');
  const updated = objectOf(content, 'updatedEvent');
  return { ...entityIn(updated, 'currentEntity'), modifiedFields: updated['modifiedFields'] };
}

function entityIn(happening: JsonObject, name: string): JsonObject {
  const entity = either(happening, name);
  return entity === undefined ? {} : { entity };
}
