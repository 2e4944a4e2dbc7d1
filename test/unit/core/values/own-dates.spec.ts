import { frozenWithOwnDates } from '../../../../src/core/values/own-dates.js';

const MOMENT = Date.parse('2026-01-02T03:04:05.678Z');
const fields = () => ({ type: 'user', expiresAt: new Date(MOMENT), issuedAt: new Date(MOMENT + 1), nested: { a: 1 } });

describe('frozenWithOwnDates', () => {
  it('equals its source under every comparison and inspection', () => {
    const made = frozenWithOwnDates(fields());
    expect(made).toEqual(fields());
    expect({ ...made }).toEqual(fields());
    expect(structuredClone({ ...made })).toEqual(fields());
    expect(JSON.parse(JSON.stringify(made))).toEqual(JSON.parse(JSON.stringify(fields())));
    expect(Object.keys(made).sort()).toEqual(Object.keys(fields()).sort());
    expect(made.expiresAt).toBeInstanceOf(Date);
  });

  it('does not change when the dates it returned are changed', () => {
    const made = frozenWithOwnDates(fields());
    made.expiresAt.setTime(0);
    Date.prototype.setFullYear.call(made.expiresAt, 1970);
    expect(Reflect.set(made, 'expiresAt', new Date(0))).toBe(false);
    for (const key of Reflect.ownKeys(made)) expect(Reflect.set(made, key, 0)).toBe(false);
    expect(() => Object.defineProperty(made, 'expiresAt', { value: new Date(0) })).toThrow(TypeError);
    expect([made.expiresAt.getTime(), made.issuedAt.getTime()]).toEqual([MOMENT, MOMENT + 1]);
  });

  it('does not depend on its source date', () => {
    const given = fields();
    const made = frozenWithOwnDates(given);
    given.expiresAt.setTime(0);
    expect(made.expiresAt.getTime()).toBe(MOMENT);
  });

  it('leaves an invalid or missing date unchanged', () => {
    expect(frozenWithOwnDates({ expiresAt: new Date(NaN) }).expiresAt.getTime()).toBeNaN();
    expect(frozenWithOwnDates({ expirationDate: undefined })).toEqual({ expirationDate: undefined });
  });
});
