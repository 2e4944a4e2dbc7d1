import { HttpException, IntrinsicException } from '@nestjs/common';

import type { WixAuthError, WixAuthErrorCode } from '../../core/wix-auth.errors.js';
import { NEST_ERROR_FORMAT, type HttpErrorFormat } from '../../nest/http-error-format.js';
import { responseBodyOf, type ResponseBody } from './response-body.js';

/**
 * A {@link WixAuthError} as HTTP answers it. Thrown by our guards, so exception filters for `HttpException` see it;
 * branch on {@link code}. The error itself is its `cause`.
 */
export class WixAuthException extends HttpException {
  /** The reason, stable across versions. */
  readonly code: WixAuthErrorCode;

  constructor(error: WixAuthError, format: HttpErrorFormat = NEST_ERROR_FORMAT) {
    const body = responseBodyOf(error);
    super(format.bodyOf(body), body.statusCode, { cause: error });
    this.code = error.code;
  }
}

/** A {@link WixAuthError} as GraphQL answers it: servers copy `extensions` into the answer, code and facts included. */
export class WixAuthGraphqlException extends IntrinsicException {
  readonly extensions: Omit<ResponseBody, 'message'>;

  constructor(error: WixAuthError) {
    const { message, ...extensions } = responseBodyOf(error);
    super(message, { cause: error });
    this.name = new.target.name;
    this.extensions = extensions;
  }
}
