import { createPublicKey, type KeyObject } from 'node:crypto';

import { jest } from '@jest/globals';
import fc from 'fast-check';

import { SignedTokenVerifier, type SignedTokenRules } from '../../../src/signed-requests/signed-token.verifier.js';
import { FakeClock } from '../../support/fake-clock.js';
import { hs256, keyPair, rs256, rs512, unsigned } from '../webhooks/signing.js';

const APP_ID = '9f9c5c16-59c8-4708-8c25-855505daa954';
const NOW = 1_800_000_000;
const HOUR = 3_600;
const { publicKey, privateKey } = keyPair();
const other = keyPair();
const clock = new FakeClock(new Date(NOW * 1_000).toISOString());
const webhook: SignedTokenRules = { maxAgeMs: 72 * HOUR * 1_000, required: [] };

const verify =
  (token: string, rules = webhook, keys = [publicKey]) =>
  () =>
    new SignedTokenVerifier(keys, APP_ID, clock).verify(token, rules);
const claims = (more: object = {}) => ({ data: '{}', iat: NOW - 10, exp: NOW + 300, ...more });
const signed = (more: object = {}) => rs256(claims(more), privateKey);
const refusal = (attempt: () => unknown): unknown => {
  try {
    return { accepted: attempt() };
  } catch (error) {
    return error;
  }
};

describe('SignedTokenVerifier', () => {
  it('parses nothing that is not signed', () => {
    const parse = jest.spyOn(JSON, 'parse');
    const [header = '', , signature = ''] = signed().split('.');
    const payload = Buffer.from(JSON.stringify(claims({ data: 'x'.repeat(900_000) }))).toString('base64url');
    for (const forged of [
      `${header}.${payload}.${signature}`,
      `${header}.${payload}.short`,
      '{"alg":"RS256"}',
      'a.b',
    ]) {
      expect(refusal(verify(forged))).toMatchObject({ code: 'WIX_CREDENTIALS_REJECTED' });
    }
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
  });

  it('does not hash when the signature cannot match the key, as that is slow for a large body', () => {
    const unusable = { asymmetricKeyDetails: { modulusLength: 2_048 } } as KeyObject;
    const [header = '', payload = '', signature = ''] = signed().split('.');

    expect(verify(`${header}.${payload}.${signature}`, webhook, [unusable])).toThrow('key.key');
    for (const part of ['short', `${signature}AAAA`]) {
      const forged = `${header}.${payload}.${part}`;
      expect(refusal(verify(forged, webhook, [unusable]))).toMatchObject({ code: 'WIX_CREDENTIALS_REJECTED' });
    }
  });

  it('returns the claims of a good token', () => {
    expect(verify(signed())()).toEqual(claims());
  });

  it.each([
    ['no algorithm', () => unsigned(claims())],
    ['HS256 with the public key as secret', () => hs256(claims(), publicKey.export({ type: 'spki', format: 'pem' }))],
    ['the key of another app', () => rs256(claims(), other.privateKey)],
    ['RS256 in the header only', () => `${signed().split('.').slice(0, 2).join('.')}.`],
    ['another algorithm', () => rs512(claims(), privateKey)],
    ['a payload changed afterwards', () => swapPayload(signed(), claims({ iat: NOW }))],
    ['nothing', () => ''],
    ['unsigned JSON', () => JSON.stringify(claims())],
  ])('rejects a token signed with %s', (_how, token) => {
    expect(refusal(verify(token()))).toMatchObject({ code: 'WIX_CREDENTIALS_REJECTED' });
  });

  it('rejects everything when it has no key', () => {
    expect(refusal(verify(signed(), webhook, []))).toMatchObject({ code: 'WIX_CREDENTIALS_REJECTED' });
  });

  it('accepts both keys during a rotation', () => {
    expect(verify(signed(), webhook, [other.publicKey, publicKey])()).toEqual(claims());
  });

  it.each([
    ['is older than 72 hours', { iat: NOW - 72 * HOUR - 61, exp: NOW + 300 }],
    ['has expired', { iat: NOW - 400, exp: NOW - 61 }],
  ])('refuses as expired what %s', (_what, dates) => {
    expect(refusal(verify(signed(dates)))).toMatchObject({ code: 'WIX_CREDENTIALS_EXPIRED' });
  });

  it('accepts a resend with its first date after 47 hours, and clocks that differ by a minute', () => {
    expect(verify(signed({ iat: NOW - 47 * HOUR }))).not.toThrow();
    expect(verify(signed({ iat: NOW + 59 }))).not.toThrow();
    expect(verify(signed({ exp: NOW - 59 }))).not.toThrow();
  });

  it.each([
    ['issued in the future', { iat: NOW + 61 }],
    ['not valid yet', { nbf: NOW + 61 }],
    ['without a date', { iat: undefined }],
    ['with an unreadable date', { iat: 'yesterday' }],
    ['with an unreadable expiry', { exp: 'tomorrow' }],
  ])('refuses as malformed what is %s', (_what, dates) => {
    expect(refusal(verify(signed(dates)))).toMatchObject({ code: 'WIX_CREDENTIALS_MALFORMED' });
  });

  it('checks issuer and audience when they are there', () => {
    expect(verify(signed({ iss: 'wix.com', aud: APP_ID.toUpperCase() }))).not.toThrow();
    expect(verify(signed({ aud: ['somebody', APP_ID] }))).not.toThrow();
    expect(refusal(verify(signed({ iss: 'xiw.com' })))).toMatchObject({ code: 'WIX_CREDENTIALS_REJECTED' });
    expect(refusal(verify(signed({ aud: 'another app' })))).toMatchObject({ code: 'WIX_CREDENTIALS_WRONG_APP' });
  });

  it('rejects a token without them when they are required', () => {
    const plugin: SignedTokenRules = { maxAgeMs: 60_000, required: ['iss', 'aud', 'exp'] };
    expect(refusal(verify(signed({ aud: APP_ID }), plugin))).toMatchObject({ code: 'WIX_CREDENTIALS_MALFORMED' });
    expect(verify(signed({ aud: APP_ID, iss: 'wix.com' }), plugin)).not.toThrow();
  });

  it.each(['iss', 'aud', 'exp'] as const)('treats a %s of null as missing', (name) => {
    const complete = { iss: 'wix.com', aud: APP_ID, [name]: null };
    expect(verify(signed(complete))()).toMatchObject({ [name]: null });
    expect(refusal(verify(signed(complete), { ...webhook, required: [name] }))).toMatchObject({
      code: 'WIX_CREDENTIALS_MALFORMED',
    });
  });

  it('treats a date of null as missing: nbf is optional, iat is required', () => {
    expect(verify(signed({ nbf: null }))).not.toThrow();
    expect(refusal(verify(signed({ iat: null })))).toMatchObject({ code: 'WIX_CREDENTIALS_MALFORMED' });
  });

  it('reads claims of any type correctly, or refuses them', () => {
    const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('wix.com', APP_ID, NOW, NOW + 30, -1, 1e300));
    const any = fc.record({ iss: value, aud: value, exp: value, iat: value, nbf: value }, { requiredKeys: [] });
    const required = fc.subarray(['iss', 'aud', 'exp'] as const);
    fc.assert(
      fc.property(any, required, (given, names) => {
        const outcome = refusal(verify(rs256(given, privateKey), { ...webhook, required: names }));
        if (isAcceptable(given, names)) expect(outcome).toEqual({ accepted: given });
        else expect(outcome).toMatchObject({ code: expect.stringMatching(/^WIX_CREDENTIALS_/) });
      }),
      { numRuns: 300 },
    );
  });

  it('refuses extensions that it would have to understand', () => {
    const token = rs256(claims(), privateKey, { crit: ['exp'] });
    expect(refusal(verify(token))).toMatchObject({ code: 'WIX_CREDENTIALS_MALFORMED' });
  });

  it("accepts the digest in Wix's own documentation at its time", () => {
    const key = createPublicKey(documentedKey);
    const then = new FakeClock('2019-02-23T16:00:00Z');
    const digest = new SignedTokenVerifier([key], APP_ID, then).verify(documentedToken, {
      maxAgeMs: Infinity,
      required: ['exp'],
    });
    expect(digest['data']).toEqual({ SHA256: '3fd05dfe429837da86cbc710190c9a67296203bbd4bd3160ab0ff07b659b0160' });
    expect(refusal(verify(documentedToken, { maxAgeMs: Infinity, required: ['exp'] }, [key]))).toMatchObject({
      code: 'WIX_CREDENTIALS_EXPIRED',
    });
  });
});

type Claims = Readonly<Record<string, unknown>>;

// The rules in other words: a claim of null is one that is missing.
function isAcceptable(given: Claims, required: readonly string[]): boolean {
  const has = (name: string): boolean => given[name] !== undefined && given[name] !== null;
  const isDate = (name: string): boolean => typeof given[name] === 'number';
  const seconds = (name: string): number => Number(given[name]);
  const audiences = Array.isArray(given['aud']) ? (given['aud'] as unknown[]) : [given['aud']];
  return (
    required.every(has) &&
    isDate('iat') &&
    seconds('iat') <= NOW + 60 &&
    seconds('iat') > NOW - 72 * HOUR - 60 &&
    (!has('nbf') || (isDate('nbf') && seconds('nbf') <= NOW + 60)) &&
    (!has('exp') || (isDate('exp') && seconds('exp') > NOW - 60)) &&
    (!has('iss') || given['iss'] === 'wix.com') &&
    (!has('aud') || audiences.includes(APP_ID))
  );
}

function swapPayload(token: string, payload: object): string {
  const [header, , signature] = token.split('.');
  return [header, Buffer.from(JSON.stringify(payload)).toString('base64url'), signature].join('.');
}

const documentedToken =
  'eyJraWQiOiJxRzFrRDJkeiIsImFsZyI6IlJTMjU2In0.eyJkYXRhIjp7IlNIQTI1NiI6IjNmZDA1ZGZlNDI5ODM3ZGE4NmNiYzcxMDE5MGM5YTY3Mjk2MjAzYmJkNGJkMzE2MGFiMGZmMDdiNjU5YjAxNjAifSwiaWF0IjoxNTUwOTM2NzMxLCJleHAiOjE1NTEyMzY3MzF9.JSRB5MbSNQEXd3we4SJR9voXTIePHlVGSGOb6OXV2v7oHBfRxaisE-ZIdNDMW2Wyy_u48VbKOUxOMdaBGRbP9Vy8S7AuXwixswBYqBS-CG2VffHVAbuijTxUkRzu7Fp29xfC14nDOdF_-aOS5morA_4j-Vbcju3ZwJsk23XLvqLuNmjCgces5QHqYDYazhX8oIqncfEHr1ZJadSFrFZeDhwQmwUGr6xwW8pNi5EJqby1sOAe8r7I3OnYG6qSWrnUHaHfSNJxEzZGST-oFJhaWSc2jGJ8ZyOhtr6UA-j6zdcqEuJBpA_YFpL23eI5vDCkVs6hSOtQ8FkiyFPy07OFzQ';
const documentedKey = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAlhQbczvgh7Z+A0G9d1VR
9V8eXtq2KPCagZZHaEpagm9oAeUYWoyy4ibsl3m6qMNCBgl6LXyCpGl9UtyEhx2m
g80RJNRLdETagydxvYO6SwcAFs7DheVfSble852LQ2m+VM1TgW4JQQrwZcFObLfi
ujfBEr7eRK7hB0i6K0zHt7BvF9THIJQifO7r9sKkMdu+/cNJxN2Q++s/9pSUlnB3
zEPmvZHfbf3v04A5Nl/Zw+utD5u9A81FElz8RoXCgMH3CCTBmwORcriv5qDOsAYR
9J2gKhpvx5fxaoCzjx1k7npTp/x1D5Xi3WMW338S6edZSYlEopzO7NAuP/+mdSrO
TwIDAQAB
-----END PUBLIC KEY-----`;
