import { createHmac } from 'node:crypto';

import { isSignedWith } from '../../../src/core/signature.js';
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
