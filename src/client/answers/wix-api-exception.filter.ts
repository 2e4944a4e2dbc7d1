import { STATUS_CODES } from 'node:http';

import { Catch, HttpException, HttpStatus, Inject, Optional, type ArgumentsHost } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';

import { helpUrlOf } from '../../core/help-url.js';
import { retryAfterHeader } from '../../http/limits/retry-after.js';
import { HttpErrorFormat, NEST_ERROR_FORMAT } from '../../nest/http-error-format.js';
import { wixApiErrorOf } from './sdk-error.js';
import { isNetworkFaultOfSdk } from './sdk-network-fault.js';
import { WixApiError } from './wix-api.error.js';

/** Errors of Wix's SDK, told by their shape: an application may have several copies of it, or none. */
abstract class SdkFailure extends Error {
  static override [Symbol.hasInstance](error: unknown): boolean {
    return wixApiErrorOf(error) !== undefined || isNetworkFaultOfSdk(error);
  }
}

/**
 * Answers what Wix refused and a handler let through: {@link WixApiError}, and the errors of modules of Wix's SDK
 * (`@wix/stores` and the like) and its GraphQL. For those who want it: register it as `APP_FILTER` or with
 * `@UseFilters`; without it such an error is a 500 like any other.
 *
 * What is about the caller or what they asked for keeps its status (400, 403, 404, 409); 428 (the site lacks an app or
 * a plan) becomes 424; throttling and a busy Wix (429, 503, 504) become 503 with `Retry-After` when known; everything
 * else is 502. A 401 is among those, because it was our token that Wix refused and not the caller's. The body has
 * Nest's shape with `code: 'WIX_API_ERROR'`, Wix's own `applicationCode`, `fieldViolations` and `requestId`.
 *
 * A module that reached no Wix, by a client that this library did not make, is 503 with `code: 'WIX_UNAVAILABLE'`.
 *
 * Outside HTTP the error becomes an `HttpException` of that status, which GraphQL servers understand.
 */
@Catch(WixApiError, SdkFailure)
export class WixApiExceptionFilter extends BaseExceptionFilter {
  // Applications may provide the filter where no registration is in reach.
  @Optional()
  @Inject(HttpErrorFormat)
  private readonly format: HttpErrorFormat = NEST_ERROR_FORMAT;

  /** Called by Nest. */
  override catch(error: unknown, host: ArgumentsHost): void {
    const refusal = wixApiErrorOf(error);
    const body = refusal === undefined ? unreachable() : bodyOf(refusal);
    const exception = new HttpException(this.format.bodyOf(body), body.statusCode, { cause: refusal });
    if (host.getType<string>() !== 'http') throw exception;
    const response: HttpResponse = host.getArgByIndex(1);
    const retryAfter = retryAfterHeader(refusal?.retryAfterMs);
    if (retryAfter !== undefined) response.header('Retry-After', retryAfter);
    for (const [name, value] of Object.entries(this.format.headers)) response.header(name, value);
    super.catch(exception, host);
  }
}

interface HttpResponse {
  /** Express and Fastify alike. */
  header(name: string, value: string): unknown;
}

const ANSWERS: ReadonlyMap<number, HttpStatus> = new Map([
  [400, HttpStatus.BAD_REQUEST],
  [403, HttpStatus.FORBIDDEN],
  [404, HttpStatus.NOT_FOUND],
  [409, HttpStatus.CONFLICT],
  [428, HttpStatus.FAILED_DEPENDENCY],
  [429, HttpStatus.SERVICE_UNAVAILABLE],
  [503, HttpStatus.SERVICE_UNAVAILABLE],
  [504, HttpStatus.SERVICE_UNAVAILABLE],
]);

const statusOf = ({ status }: WixApiError): HttpStatus => ANSWERS.get(status) ?? HttpStatus.BAD_GATEWAY;

function unreachable() {
  const statusCode = HttpStatus.SERVICE_UNAVAILABLE;
  const code = 'WIX_UNAVAILABLE';
  return {
    statusCode,
    message: 'Wix cannot be reached.',
    error: STATUS_CODES[statusCode],
    code,
    help: helpUrlOf(code),
  };
}

function bodyOf(error: WixApiError) {
  const { applicationCode, fieldViolations, requestId } = error;
  return {
    statusCode: statusOf(error),
    message: error.description ?? 'Wix could not complete the request.',
    error: STATUS_CODES[statusOf(error)],
    code: error.code,
    help: helpUrlOf(error.code),
    ...(applicationCode !== undefined && { applicationCode }),
    ...(fieldViolations.length > 0 && { fieldViolations }),
    ...(requestId !== undefined && { requestId }),
  };
}
