import { deepFrozen } from '../../../../src/core/values/deep-frozen.js';
import { isDeeperThan } from '../../../../src/core/values/json-depth.js';

const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

describe('isDeeperThan', () => {
  it.each([
    [0, 'text', false],
    [0, null, false],
    [0, undefined, false],
    [0, {}, true],
    [1, { a: 1, b: 'text', c: null }, false],
    [1, { a: [] }, true],
    [2, [{ a: 1 }, 'text', {}], false],
    [2, [1, 2, { a: { b: 1 } }], true],
  ])('%d levels, of %j: %p', (maxDepth, value, expected) => {
    expect(isDeeperThan(maxDepth, value)).toBe(expected);
  });

  it('takes the deepest of several values', () => {
    expect(isDeeperThan(2, 'text', nested(2), undefined)).toBe(false);
    expect(isDeeperThan(2, 'text', nested(2), nested(3))).toBe(true);
  });

  it('does not overflow the stack on deep values', () => {
    expect(isDeeperThan(100, nested(100_000))).toBe(true);
    expect(isDeeperThan(100_000, nested(100_000))).toBe(false);
  });
});

describe('deepFrozen', () => {
  it('freezes everything, however deep', () => {
    const value = { list: [{ a: 1 }], deep: nested(100_000) };
    expect(deepFrozen(value)).toBe(value);
    expect([value, value.list, value.list[0], value.deep].map((one) => Object.isFrozen(one))).toEqual(
      Array(4).fill(true),
    );
  });
});
