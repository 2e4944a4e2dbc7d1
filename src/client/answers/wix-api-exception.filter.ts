import { STATUS_CODES } from 'node:http';

import { Catch, HttpException, HttpStatus, Inject, Optional, type ArgumentsHost } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';

import { helpUrlOf } from '../../core/help-url.js';
import { retryAfterHeader } from '../../http/limits/retry-after.js';
import { HttpErrorFormat, NEST_ERROR_FORMAT } from '../../nest/http-error-format.js';
import { WixApiError } from './wix-api.error.js';

/**
 * Answers a {@link WixApiError} that a handler let through. For those who want it: register it as `APP_FILTER` or with
 * `@UseFilters`; without it such an error is a 500 like any other.
 *
 * What is about the caller or what they asked for keeps its status (400, 403, 404, 409); 428 (the site lacks an app or
 * a plan) becomes 424; throttling and a busy Wix (429, 503, 504) become 503 with `Retry-After` when known; everything
 * else is 502. A 401 is among those, because it was our token that Wix refused and not the caller's. The body has
 * Nest's shape with `code: 'WIX_API_ERROR'`, Wix's own `applicationCode`, `fieldViolations` and `requestId`.
 *
 * Outside HTTP the error becomes an `HttpException` of that status, which GraphQL servers understand.
 */
@Catch(WixApiError)
export class WixApiExceptionFilter extends BaseExceptionFilter {
  // Applications may provide the filter where no registration is in reach.
  @Optional()
  @Inject(HttpErrorFormat)
  private readonly format: HttpErrorFormat = NEST_ERROR_FORMAT;

  /** Called by Nest. */
  override catch(error: WixApiError, host: ArgumentsHost): void {
    const exception = new HttpException(this.format.bodyOf(bodyOf(error)), statusOf(error), { cause: error });
    if (host.getType<string>() !== 'http') throw exception;
    const response: HttpResponse = host.getArgByIndex(1);
    const retryAfter = retryAfterHeader(error.retryAfterMs);
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

function bodyOf(error: WixApiError) {
  const { applicationCode, fieldViolations, requestId } = error;
  return {
    statusCode: statusOf(error),
    message: error.description ?? 'Wix did not do what was asked of it.',
    error: STATUS_CODES[statusOf(error)],
    code: error.code,
    help: helpUrlOf(error.code),
    ...(applicationCode !== undefined && { applicationCode }),
    ...(fieldViolations.length > 0 && { fieldViolations }),
    ...(requestId !== undefined && { requestId }),
  };
}
