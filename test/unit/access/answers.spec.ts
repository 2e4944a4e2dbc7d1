import { responseBodyOf } from '../../../src/access/responses/response-body.js';
import { responseHeadersOf } from '../../../src/access/responses/response-headers.js';
import { WixAuthException, WixAuthGraphqlException } from '../../../src/access/responses/wix-auth.exception.js';
import {
  WixApiKeyRefusedError,
  WixAppRefusedError,
  WixCredentialsAmbiguousError,
  WixCredentialsExpiredError,
  WixCredentialsMalformedError,
  WixCredentialsMissingError,
  WixCredentialsRejectedError,
  WixCredentialsWrongAppError,
  WixEventTooDeepError,
  WixIdentityExpiredError,
  WixIdentityNotAllowedError,
  WixInstanceNotTrustedError,
  WixInstanceUnknownError,
  WixMisconfiguredError,
  WixOnBehalfUnavailableError,
  WixScopeMissingError,
  WixUnavailableError,
  type WixAuthError,
} from '../../../src/core/wix-auth.errors.js';

const invalidToken = 'Bearer error="invalid_token", error_description="The credential was not accepted"';
const scopeMissing = (requiredScopes: readonly string[]) =>
  new WixScopeMissingError('Missing.', { requiredScopes, missingScopes: ['SCOPE.A'], lackedBy: ['app', 'user'] });

describe('answers', () => {
  it.each<[WixAuthError, number, string, string | undefined]>([
    [new WixCredentialsMissingError('m'), 401, 'Unauthorized', 'Bearer'],
    [
      new WixCredentialsAmbiguousError('m'),
      400,
      'Bad Request',
      'Bearer error="invalid_request", error_description="Send exactly one credential"',
    ],
    [new WixCredentialsMalformedError('m'), 401, 'Unauthorized', invalidToken],
    [new WixCredentialsExpiredError('m'), 401, 'Unauthorized', invalidToken],
    [new WixCredentialsRejectedError('m'), 401, 'Unauthorized', invalidToken],
    [new WixCredentialsWrongAppError('m'), 401, 'Unauthorized', invalidToken],
    [new WixApiKeyRefusedError('m'), 401, 'Unauthorized', invalidToken],
    [new WixIdentityExpiredError('m'), 401, 'Unauthorized', invalidToken],
    [new WixIdentityNotAllowedError('m', 'user', ['app']), 403, 'Forbidden', 'Bearer error="insufficient_scope"'],
    [scopeMissing(['SCOPE.A', 'B:c']), 403, 'Forbidden', 'Bearer error="insufficient_scope", scope="SCOPE.A B:c"'],
    [new WixOnBehalfUnavailableError('m'), 403, 'Forbidden', undefined],
    [new WixInstanceUnknownError('m'), 403, 'Forbidden', undefined],
    [new WixUnavailableError('m'), 503, 'Service Unavailable', undefined],
    [new WixAppRefusedError('m'), 502, 'Bad Gateway', undefined],
    [new WixMisconfiguredError('m'), 500, 'Internal Server Error', undefined],
    [new WixInstanceNotTrustedError('m'), 500, 'Internal Server Error', undefined],
    [new WixEventTooDeepError('m'), 400, 'Bad Request', undefined],
  ])('%s has its status, its message and its challenge', (error, statusCode, words, challenge) => {
    expect(responseBodyOf(error)).toMatchObject({ statusCode, error: words, code: error.code });
    expect(responseHeadersOf(error)['WWW-Authenticate']).toBe(challenge);
  });

  it.each(['UNKNOWN', 'toString', '__proto__', '', undefined, null, 7])('are 500 for a changed code: %p', (code) => {
    const error: object = Object.assign(new WixInstanceUnknownError('m'), { code, status: undefined });
    expect(responseBodyOf(error as WixAuthError)).toMatchObject({ statusCode: 500, error: 'Internal Server Error' });
    expect(new WixAuthException(error as WixAuthError).getStatus()).toBe(500);
    expect(responseHeadersOf(error as WixAuthError)).toEqual({});
  });

  it.each([undefined, -5, NaN, Infinity])('omit Retry-After when it is %p', (retryAfterMs) => {
    expect(responseHeadersOf(new WixUnavailableError('m', { retryAfterMs }))).toEqual({});
  });

  it.each([
    [1_200, '2'],
    [1e24, '3600'],
  ])('send Retry-After in whole seconds and at most an hour: %d ms', (retryAfterMs, header) => {
    expect(responseHeadersOf(new WixUnavailableError('m', { retryAfterMs }))).toEqual({ 'Retry-After': header });
  });

  it('carry the facts of a missing scope', () => {
    expect(responseBodyOf(scopeMissing(['SCOPE.A', 'SCOPE.B']))).toEqual({
      statusCode: 403,
      message: 'Missing.',
      error: 'Forbidden',
      code: 'WIX_SCOPE_MISSING',
      help: 'https://nestjs-wix-auth.github.io/nestjs-wix-auth/errors/WIX_SCOPE_MISSING',
      requiredScopes: ['SCOPE.A', 'SCOPE.B'],
      missingScopes: ['SCOPE.A'],
      lackedBy: ['app', 'user'],
    });
  });

  it('carry the kind of the caller and the kinds allowed', () => {
    const error = new WixIdentityNotAllowedError('m', 'visitor', ['app', 'user']);
    expect(responseBodyOf(error)).toMatchObject({ identityType: 'visitor', allowedIdentities: ['app', 'user'] });
  });

  it("carry Wix's request id when there is one", () => {
    expect(responseBodyOf(new WixUnavailableError('m', { requestId: '1.2' }))).toMatchObject({ requestId: '1.2' });
    expect(responseBodyOf(new WixUnavailableError('m'))).not.toHaveProperty('requestId');
  });

  it.each([
    [1_500, '2'],
    [60_000, '60'],
    [0, '0'],
  ])('send Retry-After: %d ms', (retryAfterMs, seconds) => {
    expect(responseHeadersOf(new WixUnavailableError('m', { retryAfterMs }))).toEqual({ 'Retry-After': seconds });
  });

  it('do not tell callers what only the operator can fix', () => {
    for (const error of [new WixAppRefusedError('the secret of app x'), new WixMisconfiguredError('route x')]) {
      expect(JSON.stringify(responseBodyOf(error))).not.toContain(' x');
    }
  });

  it('do not let a scope inject into its header', () => {
    const { 'WWW-Authenticate': challenge } = responseHeadersOf(scopeMissing(['A.B"\r\nX: y', 'Ä.C']));
    expect(challenge).toBe('Bearer error="insufficient_scope", scope="A.BX:y .C"');
  });

  it('are Nest exceptions with the error as their cause', () => {
    const error = new WixCredentialsExpiredError('Too old.');
    const exception = new WixAuthException(error);
    expect(exception.getStatus()).toBe(401);
    expect(exception).toMatchObject({ code: 'WIX_CREDENTIALS_EXPIRED', message: 'Too old.', cause: error });
  });

  it('put code and facts where GraphQL servers copy them from', () => {
    const exception = new WixAuthGraphqlException(new WixIdentityNotAllowedError('No.', 'user', ['app']));
    expect(exception.message).toBe('No.');
    expect(exception.extensions).toMatchObject({ code: 'WIX_IDENTITY_NOT_ALLOWED', identityType: 'user' });
  });
});
