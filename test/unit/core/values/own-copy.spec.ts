import { inspect, types } from 'node:util';

import { ownCopyOf } from '../../../../src/core/values/own-copy.js';
import {
  WixIdentityNotAllowedError,
  WixInstanceUnknownError,
  WixScopeMissingError,
  WixUnavailableError,
  type WixAuthError,
} from '../../../../src/core/wix-auth.errors.js';

const errors: readonly WixAuthError[] = [
  new WixUnavailableError('down', { requestId: 'r', retryAfterMs: 7, cause: new Error('ECONNRESET') }),
  new WixInstanceUnknownError('gone'),
  new WixIdentityNotAllowedError('no', 'user', ['app']),
  new WixScopeMissingError('lacking', { requiredScopes: ['A'], missingScopes: ['A'], lackedBy: ['app'] }),
];

describe('ownCopyOf', () => {
  it.each(errors)('is an error like the one it copies: %p', (error) => {
    const copy = ownCopyOf(error);
    expect(copy).not.toBe(error);
    expect(copy).toBeInstanceOf(error.constructor);
    expect(types.isNativeError(copy)).toBe(true);
    expect(Object.getOwnPropertyDescriptors(copy)).toEqual(Object.getOwnPropertyDescriptors(error));
    expect({ name: copy.name, message: copy.message, stack: copy.stack, cause: copy.cause }).toEqual({
      name: error.name,
      message: error.message,
      stack: error.stack,
      cause: error.cause,
    });
    expect(inspect(copy)).toBe(inspect(error));
    expect(JSON.stringify(copy)).toBe(JSON.stringify(error));
  });

  it.each(errors)('may be changed without changing the one it copies: %p', (error) => {
    const before = inspect(error, { showHidden: true });
    Object.assign(ownCopyOf(error), { code: 'UNKNOWN', message: 'm', status: undefined, runtimeError: error });
    expect(inspect(error, { showHidden: true })).toBe(before);
  });

  it.each([new TypeError('x'), 'text', undefined, { code: 'WIX_UNAVAILABLE' }])(
    'returns others unchanged: %p',
    (other) => {
      expect(ownCopyOf(other)).toBe(other);
    },
  );
});

describe('The facts of an error', () => {
  it('cannot be used to change their source', () => {
    const allowed: ('app' | 'user')[] = ['app'];
    const error = new WixIdentityNotAllowedError('no', 'user', allowed);
    expect(() => (error.allowedIdentities as string[]).push('user')).toThrow(TypeError);
    expect(allowed).toEqual(['app']);
  });
});
