import { Injectable, Optional, type ExecutionContext } from '@nestjs/common';

import { SERVICE_PLUGIN_METHOD } from '../../core/marks.js';
import { rawBodyOf } from '../bodies/captured-body.js';
import type { WixServicePluginMethod } from './service-plugin-definition.js';
import { keepServicePluginCall, type AdmittedServicePluginCall } from './service-plugin.decorators.js';
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
    const verify = (): AdmittedServicePluginCall => this.#verified(body, methodOf(context.getHandler()));
    const call = this.requests.decisions.decided(context, verify, ({ metadata }) => metadata.instanceId);
    keepServicePluginCall(request, call);
    return true;
  }

  #verified(body: Uint8Array, method: WixServicePluginMethod | undefined): AdmittedServicePluginCall {
    const call = this.requests.servicePluginCall(body);
    return method === undefined ? call : { ...call, payload: this.requests.payloadOf(call, method) };
  }
}

const methodOf = (handler: object): WixServicePluginMethod | undefined =>
  Reflect.getMetadata(SERVICE_PLUGIN_METHOD, handler) as WixServicePluginMethod | undefined;
