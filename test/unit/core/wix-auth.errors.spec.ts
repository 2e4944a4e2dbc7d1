import { inspect } from 'node:util';

import { WixApiError } from '../../../src/client/answers/wix-api.error.js';
import {
  WixAuthError,
  WixScopeMissingError,
  WixUnavailableError,
  type WixScopeRefusal,
} from '../../../src/core/wix-auth.errors.js';
import { WixInstallError } from '../../../src/install/install.errors.js';

describe('WixAuthError', () => {
  it('carries the name of its class, so that a log shows the reason', () => {
    expect(String(new WixUnavailableError('down'))).toBe('WixUnavailableError: down');
  });

  it('is the base class of every error about authentication and authorization', () => {
    expect(new WixUnavailableError('down')).toBeInstanceOf(WixAuthError);
  });

  it('is not the base class of errors of calls to Wix and installations, which have a code too', () => {
    const answered = { status: 404, body: undefined, requestId: undefined, retryAfterMs: undefined };
    const failedCall = new WixApiError({ ...answered, method: 'GET', path: '/', permissionHint: undefined });
    const failedInstallation = new WixInstallError('WIX_INSTALL_UNAVAILABLE', 'down');

    expect(failedCall).not.toBeInstanceOf(WixAuthError);
    expect(failedInstallation).not.toBeInstanceOf(WixAuthError);
    expect([failedCall.code, failedInstallation.code]).toEqual(['WIX_API_ERROR', 'WIX_INSTALL_UNAVAILABLE']);
  });

  it('has a cause only where there is one', () => {
    expect('cause' in new WixUnavailableError('down')).toBe(false);
    expect(new WixUnavailableError('down', { cause: 'ECONNRESET' }).cause).toBe('ECONNRESET');
  });
});

describe('WixScopeMissingError', () => {
  it('names what is required, what is missing and who lacks it', () => {
    const refusal: WixScopeRefusal = { requiredScopes: ['A', 'B'], missingScopes: ['B'], lackedBy: ['app'] };

    expect(new WixScopeMissingError('Missing B.', refusal)).toMatchObject(refusal);
    expect(inspect(new WixScopeMissingError('Missing B.', refusal))).toContain('WIX_SCOPE_MISSING');
  });
});
