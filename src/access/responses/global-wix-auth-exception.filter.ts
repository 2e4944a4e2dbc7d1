import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';

import { WixAuthError } from '../../core/wix-auth.errors.js';
import { WixAuthExceptionFilter } from './wix-auth-exception.filter.js';

/**
 * Hands over to the registration's {@link WixAuthExceptionFilter}. Looks it up when it is needed: Nest must never find
 * that this filter depends on something request-scoped, or it stops the start before our own message can say why.
 */
@Catch(WixAuthError)
export class GlobalWixAuthExceptionFilter implements ExceptionFilter<WixAuthError> {
  readonly #module: ModuleRef;

  constructor(module: ModuleRef) {
    this.#module = module;
  }

  /** Called by Nest. */
  catch(error: WixAuthError, host: ArgumentsHost): unknown {
    return this.#module.get<WixAuthExceptionFilter>(WixAuthExceptionFilter).catch(error, host);
  }
}
