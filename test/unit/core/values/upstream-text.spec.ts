import fc from 'fast-check';

import { requestIdText, upstreamId, upstreamText } from '../../../../src/core/values/upstream-text.js';
import { APP_SECRET } from '../../../support/app.js';
import { accessToken } from '../../../support/credentials.js';

const PART = 12;

describe('upstreamText', () => {
  it('keeps what an operator needs to read', () => {
    expect(upstreamText('App instance not found')).toBe('App instance not found');
    expect(upstreamText('needs SCOPE.DC-IDENTITY.MANAGE-CONTRIBUTORS')).toContain('MANAGE-CONTRIBUTORS');
  });

  it.each([
    ['an app secret', `secret ${APP_SECRET} is wrong`, APP_SECRET],
    ['an access token', `token "${accessToken(1_800_000_000)}" is wrong`, accessToken(1_800_000_000).slice(0, 40)],
    ['base64', `Basic ${'QWxhZGRpbjpvcGVuIHNlc2FtZQ+/'.repeat(2)}==`, 'QWxhZGRpbjpvcGVu'],
  ])('removes %s', (_what, text, credential) => {
    expect(upstreamText(text)).not.toContain(credential);
  });

  it('shows no part of a credential, whatever stands around it', () => {
    const secret = fc.oneof(fc.constant(APP_SECRET), fc.uuid(), fc.constant(accessToken(1_800_000_000)));
    const around = fc.oneof(fc.string({ unit: 'binary', maxLength: 100 }), fc.constant('word '.repeat(399)));
    fc.assert(
      fc.property(around, secret, around, (before, credential, after) => {
        const text = upstreamText(`${before}${credential}${after}`);
        const parts = Array.from({ length: credential.length - PART + 1 }, (_, at) => credential.slice(at, at + PART));
        expect(parts.filter((part) => text.includes(part))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves no prefix of a credential where it cuts a long text', () => {
    const text = `${'x1'.repeat(985)} ${APP_SECRET}`;
    expect(text.length).toBeGreaterThan(2_000);

    expect(upstreamText(text)).toBe('[redacted]');
  });

  it('turns any value into one bounded line, valid in a header', () => {
    const text = upstreamText(`first\r\nSet-Cookie: a="b"\\\u{1F600}${' word'.repeat(500)}`);

    expect(text).toMatch(/^[\x20-\x7e]+$/);
    expect(text).not.toMatch(/["\\]/);
    expect(text.length).toBeLessThanOrEqual(203);
  });
});

describe('upstreamId', () => {
  it('keeps ids readable, also long ones that look like credentials', () => {
    expect(upstreamId('6600344420111308827')).toBe('6600344420111308827');
    expect(upstreamId('aaaaaaaa-1111-4111-8111-111111111111')).toBe('aaaaaaaa-1111-4111-8111-111111111111');
  });

  it('bounds them and removes characters that no id contains', () => {
    expect(upstreamId('role\r\n<b>')).toBe('role?b?');
    expect(upstreamId('x'.repeat(5_000))).toHaveLength(100);
  });
});

describe('requestIdText', () => {
  it('accepts what Wix sends', () => {
    expect(requestIdText('1763899200.7321654987')).toBe('1763899200.7321654987');
  });

  it.each([undefined, 7, ['1.2'], '', 'two words', 'line\nbreak', 'x'.repeat(101)])('drops %j', (header) => {
    expect(requestIdText(header)).toBeUndefined();
  });
});
