import { createHmac } from 'node:crypto';

import { digestOf, isSame, isSignedWith, sha256Of } from '../../../src/core/digest.js';
import { APP_SECRET, OLD_SECRET, app } from '../../support/app.js';

const signatureOf = (secret: string, text: string): Buffer => createHmac('sha256', secret).update(text).digest();

describe('isSignedWith', () => {
  const { secretKeys } = app(APP_SECRET, OLD_SECRET);

  it.each([APP_SECRET, OLD_SECRET])('accepts a signature made with any of the keys', (secret) => {
    expect(isSignedWith(secretKeys, 'text', signatureOf(secret, 'text'))).toBe(true);
  });

  it.each([
    ['another key', signatureOf('another', 'text')],
    ['another text', signatureOf(APP_SECRET, 'texT')],
    ['a shortened signature', signatureOf(APP_SECRET, 'text').subarray(0, 31)],
    ['no signature', Buffer.alloc(0)],
  ])('refuses %s', (_what, signature) => {
    expect(isSignedWith(secretKeys, 'text', signature)).toBe(false);
  });
});

// The examples of FIPS 180-2, appendix B.
describe('digestOf and sha256Of', () => {
  it.each([
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('are the SHA-256 of %s', (text, hex) => {
    expect(sha256Of(text).toString('hex')).toBe(hex);
    expect(sha256Of(Buffer.from(text)).toString('hex')).toBe(hex);
    expect(Buffer.from(digestOf(text), 'base64url').toString('hex')).toBe(hex);
  });
});

describe('isSame', () => {
  it.each([
    ['the same bytes', 'abc', true],
    ['others', 'abd', false],
    ['fewer', 'ab', false],
    ['more', 'abcd', false],
    ['none', '', false],
  ])('compares with %s', (_what, received, same) => {
    expect(isSame(Buffer.from('abc'), Buffer.from(received))).toBe(same);
  });
});
