import { STATUS_CODES } from 'node:http';

import { HttpStatus } from '@nestjs/common';

import {
  WixIdentityNotAllowedError,
  WixInstanceUnknownError,
  WixPlanRequiredError,
  WixScopeMissingError,
  WixUnavailableError,
  type WixAuthError,
  type WixAuthErrorCode,
} from '../../core/wix-auth.errors.js';
import { helpUrlOf } from '../../core/help-url.js';
import { answerStatusOf } from './response-status.js';

/** The body of a refusal: Nest's usual body, the code, and the facts of the error. */
export interface ResponseBody extends Readonly<Record<string, unknown>> {
  readonly statusCode: number;
  readonly message: string;
  /** The status in words. */
  readonly error: string;
  readonly code: WixAuthErrorCode;
  /** The page of the manual about this code. */
  readonly help: string;
}

/** The response body for an error. */
export function responseBodyOf(error: WixAuthError): ResponseBody {
  const statusCode = answerStatusOf(error.code);
  return {
    statusCode,
    message: isOurFault(error) ? 'The server is not set up to answer this request.' : error.message,
    error: STATUS_CODES[statusCode] ?? '',
    code: error.code,
    help: helpUrlOf(error.code),
    ...factsOf(error),
  };
}

/** Whether only the operator can fix it. The reason is then logged, and not sent to the caller. */
export const isOurFault = ({ code }: WixAuthError): boolean => OUR_FAULT.has(answerStatusOf(code));

const OUR_FAULT: ReadonlySet<HttpStatus> = new Set([HttpStatus.INTERNAL_SERVER_ERROR, HttpStatus.BAD_GATEWAY]);

function factsOf(error: WixAuthError): Readonly<Record<string, unknown>> {
  if (error instanceof WixIdentityNotAllowedError) {
    return { identityType: error.identityType, allowedIdentities: error.allowedIdentities };
  }
  if (error instanceof WixScopeMissingError) {
    return {
      requiredScopes: error.requiredScopes,
      missingScopes: error.missingScopes,
      lackedBy: error.lackedBy,
    };
  }
  if (error instanceof WixPlanRequiredError) {
    return { requiredPlans: error.requiredPlans, upgradeUrl: error.upgradeUrl };
  }
  if (error instanceof WixUnavailableError || error instanceof WixInstanceUnknownError) {
    return error.requestId === undefined ? {} : { requestId: error.requestId };
  }
  return {};
}
