import { Injectable, Optional, type ExecutionContext } from '@nestjs/common';

import { SERVICE_PLUGIN_METHOD } from '../../core/marks.js';
import { rawBodyOf } from '../bodies/captured-body.js';
import type { WixServicePluginMethod } from './service-plugin-definition.js';
import { keepServicePluginCall } from './service-plugin.decorators.js';
import { unauthorized } from '../bodies/request-exceptions.js';
import { SignedRequestGuard } from '../signed-request.guard.js';
import { WixSignedRequestService } from '../wix-signed-request.service.js';

/** Lets service plugin requests of Wix pass, and nothing else (401). See {@link WixServicePlugin}. */
@Injectable()
export class WixServicePluginGuard extends SignedRequestGuard {
  // Written out in each guard: Nest up to 12.0 does not inherit that a parameter is optional.
  constructor(@Optional() requests?: WixSignedRequestService) {
    super(requests);
  }

  override canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<object>();
    const body = rawBodyOf(request);
    try {
      const call = this.requests.servicePluginCall(body);
      const method = methodOf(context.getHandler());
      keepServicePluginCall(
        request,
        method === undefined ? call : { ...call, payload: this.requests.payloadOf(call, method) },
      );
      return true;
    } catch (error) {
      throw unauthorized(error);
    }
  }
}

const methodOf = (handler: object): WixServicePluginMethod | undefined =>
  Reflect.getMetadata(SERVICE_PLUGIN_METHOD, handler) as WixServicePluginMethod | undefined;
