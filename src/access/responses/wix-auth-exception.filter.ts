import { Catch, Inject, Optional, type ArgumentsHost } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { throwError } from 'rxjs';

import { WixLogger } from '../../diagnostics/wix-logger.js';
import { AuthEvents } from '../../core/auth-events.js';
import { WixAuthError } from '../../core/wix-auth.errors.js';
import { HttpErrorFormat } from '../../nest/http-error-format.js';
import { isOurFault } from './response-body.js';
import { httpExceptionFor, messagePayloadOf, reportOurFault } from './refusal.js';
import { tellClient } from './tell-client.js';
import { WixAuthGraphqlException } from './wix-auth.exception.js';

/**
 * Answers a {@link WixAuthError} that a handler let through, such as one from acting on behalf of a caller whose
 * token has expired meanwhile, the way our guards answer theirs.
 */
@Catch(WixAuthError)
export class WixAuthExceptionFilter extends BaseExceptionFilter {
  // Applications may provide the filter where no registration is in reach.
  @Optional()
  @Inject(AuthEvents)
  private readonly events: AuthEvents | undefined;

  @Optional()
  @Inject(HttpErrorFormat)
  private readonly format: HttpErrorFormat | undefined;

  /** Called by Nest. */
  override catch(error: WixAuthError, host: ArgumentsHost): unknown {
    if (this.events !== undefined) reportOurFault(error, this.events);
    else if (isOurFault(error)) logOurFault(error);
    switch (host.getType<string>()) {
      case 'graphql':
        throw new WixAuthGraphqlException(error);
      case 'ws':
        tellClient(host.getArgByIndex<Parameters<typeof tellClient>[0]>(0), messagePayloadOf(error));
        return undefined;
      case 'rpc':
        return throwError(() => messagePayloadOf(error));
      default:
        super.catch(httpExceptionFor(error, host, this.format), host);
        return undefined;
    }
  }
}

function logOurFault({ code, message }: WixAuthError): void {
  const text = `${code}: ${message}`;
  new WixLogger().write({ level: 'error', event: 'operatorError', text, fields: { code, message } });
}
