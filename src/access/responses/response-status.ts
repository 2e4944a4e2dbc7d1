import { HttpStatus } from '@nestjs/common';

import type { WixAuthErrorCode } from '../../core/wix-auth.errors.js';

// 401: not verified. 403: not allowed. 503: cannot tell. The last two groups are about this server, not the caller.
const statuses: Readonly<Record<WixAuthErrorCode, HttpStatus>> = {
  WIX_CREDENTIALS_AMBIGUOUS: HttpStatus.BAD_REQUEST,
  WIX_EVENT_TOO_DEEP: HttpStatus.BAD_REQUEST,

  WIX_CREDENTIALS_MISSING: HttpStatus.UNAUTHORIZED,
  WIX_CREDENTIALS_MALFORMED: HttpStatus.UNAUTHORIZED,
  WIX_CREDENTIALS_EXPIRED: HttpStatus.UNAUTHORIZED,
  WIX_CREDENTIALS_REJECTED: HttpStatus.UNAUTHORIZED,
  WIX_CREDENTIALS_WRONG_APP: HttpStatus.UNAUTHORIZED,
  WIX_API_KEY_REFUSED: HttpStatus.UNAUTHORIZED,
  WIX_IDENTITY_EXPIRED: HttpStatus.UNAUTHORIZED,

  WIX_IDENTITY_NOT_ALLOWED: HttpStatus.FORBIDDEN,
  WIX_SCOPE_MISSING: HttpStatus.FORBIDDEN,
  WIX_PLAN_REQUIRED: HttpStatus.FORBIDDEN,
  WIX_ON_BEHALF_UNAVAILABLE: HttpStatus.FORBIDDEN,
  WIX_INSTANCE_UNKNOWN: HttpStatus.FORBIDDEN,

  WIX_UNAVAILABLE: HttpStatus.SERVICE_UNAVAILABLE,

  WIX_APP_REFUSED: HttpStatus.BAD_GATEWAY,
  WIX_MISCONFIGURED: HttpStatus.INTERNAL_SERVER_ERROR,
  WIX_INSTANCE_NOT_TRUSTED: HttpStatus.INTERNAL_SERVER_ERROR,
};

const statusOfCode: ReadonlyMap<unknown, HttpStatus> = new Map(Object.entries(statuses));

/**
 * The HTTP status of an error's code, and 500 for anything else: code that catches an error may change it, and without
 * a status an error would be answered 200.
 */
export const answerStatusOf = (code: unknown): HttpStatus => statusOfCode.get(code) ?? HttpStatus.INTERNAL_SERVER_ERROR;
