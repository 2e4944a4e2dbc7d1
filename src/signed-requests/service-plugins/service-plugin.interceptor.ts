import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { catchError, map, type Observable } from 'rxjs';

import { isJsonObject } from '../../core/values/json.js';
import type { WixServicePluginMethod } from './service-plugin-definition.js';
import { WixServicePluginException } from './wix-service-plugin.exception.js';

/**
 * Answers what a service plugin's method gives back as Wix expects it: in the REST form where a definition says how,
 * and the error classes of the `@wix/*` packages with their own status and code.
 */
export class ServicePluginInterceptor implements NestInterceptor {
  readonly #method: WixServicePluginMethod | undefined;

  constructor(method?: WixServicePluginMethod) {
    this.#method = method;
  }

  intercept(_context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    return next.handle().pipe(
      // A copy: the packages' transformations write into what they are given.
      map((result) =>
        this.#method === undefined ? result : this.#method.transformations.toREST(structuredClone(result)),
      ),
      catchError((error: unknown) => {
        throw exceptionOf(error) ?? error;
      }),
    );
  }
}

// Recognized by shape, as in Wix's SDK: every package has classes of its own.
function exceptionOf(error: unknown): WixServicePluginException | undefined {
  if (!isJsonObject(error) || error['errorType'] !== 'SPI') return undefined;
  const { httpCode, applicationCode, data } = error;
  return typeof httpCode === 'number' && typeof applicationCode === 'string'
    ? new WixServicePluginException(httpCode, applicationCode, data)
    : undefined;
}
