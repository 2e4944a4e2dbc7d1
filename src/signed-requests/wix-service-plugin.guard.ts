import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';

import { rawBodyOf } from './captured-body.js';
import { keepServicePluginCall } from './service-plugin.decorators.js';
import { unauthorized } from './request-exceptions.js';
import { WixSignedRequestService } from './wix-signed-request.service.js';

/** Lets service plugin requests of Wix pass, and nothing else (401). See {@link WixServicePlugin}. */
@Injectable()
export class WixServicePluginGuard implements CanActivate {
  readonly #requests: WixSignedRequestService;

  constructor(requests: WixSignedRequestService) {
    this.#requests = requests;
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<object>();
    const body = rawBodyOf(request);
    try {
      keepServicePluginCall(request, this.#requests.servicePluginCall(body));
      return true;
    } catch (error) {
      throw unauthorized(error);
    }
  }
}
