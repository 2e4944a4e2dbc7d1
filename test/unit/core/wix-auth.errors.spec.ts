import { inspect } from 'node:util';

import {
  WixAuthError,
  WixScopeMissingError,
  WixUnavailableError,
  type WixScopeRefusal,
} from '../../../src/core/wix-auth.errors.js';

describe('WixAuthError', () => {
  it('carries the name of its class, so that a log tells the reason', () => {
    expect(String(new WixUnavailableError('down'))).toBe('WixUnavailableError: down');
  });

  it('is what every error of this library can be recognised by', () => {
    expect(new WixUnavailableError('down')).toBeInstanceOf(WixAuthError);
  });

  it('keeps the cause only where there is one', () => {
    expect('cause' in new WixUnavailableError('down')).toBe(false);
    expect(new WixUnavailableError('down', { cause: 'ECONNRESET' }).cause).toBe('ECONNRESET');
  });
});

describe('WixScopeMissingError', () => {
  it('tells what is required, what is missing and who lacks it', () => {
    const refusal: WixScopeRefusal = { requiredScopes: ['A', 'B'], missingScopes: ['B'], lackedBy: ['app'] };

    expect(new WixScopeMissingError('Missing B.', refusal)).toMatchObject(refusal);
    expect(inspect(new WixScopeMissingError('Missing B.', refusal))).toContain('WIX_SCOPE_MISSING');
  });
});
