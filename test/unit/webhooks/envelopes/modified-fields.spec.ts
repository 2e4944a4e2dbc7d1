import { isJsonObject, type JsonObject } from '../../../../src/core/values/json.js';
import { transformedFields } from '../../../../src/webhooks/envelopes/modified-fields.js';

const AT = '2026-01-02T03:04:05.678Z';

// As the packages do it: dates at known paths, then `_` before some names, and all of it in place.
function transform(fields: JsonObject): unknown {
  const at = (given: unknown, name: string): unknown => (isJsonObject(given) ? given[name] : undefined);
  const slug = at(fields, 'mainSlug');
  if (at(slug, 'createdDate') === AT) Reflect.set(Object(slug), 'createdDate', new Date(AT));
  return renamed(fields);
}

function renamed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renamed);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      ['id', 'createdDate'].includes(name) ? `_${name}` : name,
      renamed(member),
    ]),
  );
}

describe('transformedFields', () => {
  it.each([
    ['name', 'name'],
    ['id', '_id'],
    ['media.items[12].id', 'media.items[12]._id'],
    ['media.items.3.id', 'media.items.3._id'],
    ['tags[2]', 'tags[2]'],
    ['a\\.id.id', 'a\\.id._id'],
    ['a\\[0\\].id', 'a\\[0\\]._id'],
    ['__proto__.id', '__proto__._id'],
    ['constructor', 'constructor'],
    ['', ''],
  ])('writes %s as %s', (path, written) => {
    expect(transformedFields({ [path]: 1 }, transform)).toEqual(Object.fromEntries([[written, 1]]));
  });

  it('passes each field at its own path', () => {
    const fields = { 'mainSlug.createdDate': AT, 'mainSlug.name': 'bowl', createdDate: AT };
    expect(transformedFields(fields, transform)).toEqual({
      'mainSlug._createdDate': new Date(AT),
      'mainSlug.name': 'bowl',
      _createdDate: AT,
    });
  });

  it('renames inside the value of a field', () => {
    expect(transformedFields({ 'media.main': { id: 'image' } }, transform)).toEqual({ 'media.main': { _id: 'image' } });
  });

  it('does not change a field that the transformation removes', () => {
    expect(transformedFields({ 'address.city': 1 }, () => undefined)).toEqual({ 'address.city': 1 });
  });

  it('allows its path to be renamed', () => {
    const toText = (fields: JsonObject) =>
      'address' in fields ? { address: 'Berlin' } : { 'address._id': Object.values(fields)[0] };
    expect(transformedFields({ 'address.id': 1 }, toText)).toEqual({ 'address._id': 1 });
  });

  it('takes no longer for a field of a long list', () => {
    const path = 'items[4294967294].id';
    expect(transformedFields({ [path]: 1 }, transform)).toEqual({ 'items[4294967294]._id': 1 });
  });

  it('does not pollute prototypes', () => {
    transformedFields({ '__proto__.polluted': 1 }, transform);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});
