import { HttpStatus } from '@nestjs/common';

import { WixScopeMissingError, WixUnavailableError, type WixAuthError } from '../../core/wix-auth.errors.js';
import { retryAfterHeader } from '../../http/limits/retry-after.js';
import { answerStatusOf } from './response-status.js';

/** The response headers for an error: the challenge of RFC 6750 section 3, and when to come back. */
export const responseHeadersOf = (error: WixAuthError): Readonly<Record<string, string>> => ({
  ...challengeOf(error),
  ...retryAfterOf(error),
});

function challengeOf(error: WixAuthError): Readonly<Record<string, string>> {
  const challenge = error.code === 'WIX_CREDENTIALS_MISSING' ? 'Bearer' : withReason(error);
  return challenge === undefined ? {} : { 'WWW-Authenticate': challenge };
}

// The words are the same for every reason: what exactly failed is in the body's code, for those who own the client.
function withReason(error: WixAuthError): string | undefined {
  switch (error.code) {
    case 'WIX_SCOPE_MISSING':
    case 'WIX_IDENTITY_NOT_ALLOWED':
      return `Bearer error="insufficient_scope"${scopeOf(error)}`;
    case 'WIX_CREDENTIALS_AMBIGUOUS':
      return 'Bearer error="invalid_request", error_description="Send exactly one credential"';
    default:
      return answerStatusOf(error.code) === HttpStatus.UNAUTHORIZED
        ? 'Bearer error="invalid_token", error_description="The credential was not accepted"'
        : undefined;
  }
}

function scopeOf(error: WixAuthError): string {
  if (!(error instanceof WixScopeMissingError) || error.requiredScopes.length === 0) return '';
  return `, scope="${error.requiredScopes.map(scopeToken).join(' ')}"`;
}

// RFC 6749 section 3.3: printable ASCII without space, quote and backslash.
const scopeToken = (scope: string): string => scope.replace(/[^\x21\x23-\x5b\x5d-\x7e]/g, '');

function retryAfterOf(error: WixAuthError): Readonly<Record<string, string>> {
  const header = error instanceof WixUnavailableError ? retryAfterHeader(error.retryAfterMs) : undefined;
  return header === undefined ? {} : { 'Retry-After': header };
}
