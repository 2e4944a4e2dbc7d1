import { readUnverifiedClaims } from '../../../../src/identity/introspection/unverified-claims.js';

const payload = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const NOTHING = { exp: undefined, appDefId: undefined, instanceId: undefined, uid: undefined, siteOwnerId: undefined };

describe('readUnverifiedClaims', () => {
  const instance = { instanceId: 'i', appDefId: 'a', uid: 'u', siteOwnerId: 'o', signDate: '…' };

  it('reads the instance inside the data, which is JSON in a string', () => {
    const unverifiedClaims = readUnverifiedClaims(payload({ data: JSON.stringify({ instance }), iat: 1, exp: 2 }));

    expect(unverifiedClaims).toEqual({ exp: 2, appDefId: 'a', instanceId: 'i', uid: 'u', siteOwnerId: 'o' });
  });

  it('reads data that is an object, and an expiry that is text', () => {
    expect(readUnverifiedClaims(payload({ data: { instance }, exp: '2' }))).toMatchObject({ exp: 2, appDefId: 'a' });
  });

  it.each([{}, { data: 'no JSON' }, { data: '[]' }, { data: { instance: 'text' } }, { data: null, exp: 'soon' }])(
    'finds no claims in %j',
    (claims) => {
      expect(readUnverifiedClaims(payload(claims))).toEqual(NOTHING);
    },
  );

  it.each(['', 'bm90IEpTT04', payload([]), payload('text'), payload(null)])('returns undefined for %j', (text) => {
    expect(readUnverifiedClaims(text)).toBeUndefined();
  });
});
