import { isJsonObject, numberOf, objectOf, parseJson, textOf } from '../../../../src/core/values/json.js';

describe('reading JSON from outside', () => {
  it('returns undefined for text that is not JSON', () => {
    expect(parseJson('<html>')).toBeUndefined();
    expect(parseJson('')).toBeUndefined();
  });

  it.each([null, [], 'text', 7, true, undefined])('does not take %j for an object', (value) => {
    expect(isJsonObject(value)).toBe(false);
  });

  it('reads numbers also from strings, as Wix writes int64', () => {
    expect(numberOf({ exp: 1 }, 'exp')).toBe(1);
    expect(numberOf({ exp: '1763899200' }, 'exp')).toBe(1_763_899_200);
  });

  it.each(['', ' ', 'soon', null, true, {}, 'Infinity', 'NaN', undefined])('reads no number from %j', (exp) => {
    expect(numberOf({ exp }, 'exp')).toBeUndefined();
  });

  it('reads text only where there is some, and members only of objects', () => {
    expect(textOf({ id: '' }, 'id')).toBeUndefined();
    expect(textOf({ id: 7 }, 'id')).toBeUndefined();
    expect(objectOf({ data: 'text' }, 'data')).toEqual({});
  });
});
