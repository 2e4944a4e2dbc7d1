import { Injectable, Optional, type ExecutionContext } from '@nestjs/common';

import { isJsonObject, parseJson, textOf } from '../core/values/json.js';
import { DIGEST_CLAIM, DIGEST_OPTIONS } from '../core/marks.js';
import type { WixDigestOptions } from './wix-signed-request.service.js';
import { rawBodyOf } from './bodies/captured-body.js';
import type { VerifiedDigest } from './digest-claims.js';
import { SignedRequestGuard } from './signed-request.guard.js';
import { WixSignedRequestService } from './wix-signed-request.service.js';

/**
 * Lets requests pass whose `digest` header Wix signed for exactly their body, and nothing else (401). A JSON body is
 * parsed after that, so `@Body()` works as usual. See {@link WixDigest}.
 */
@Injectable()
export class WixDigestGuard extends SignedRequestGuard {
  // Written out in each guard: Nest up to 12.0 does not inherit that a parameter is optional.
  constructor(@Optional() requests?: WixSignedRequestService) {
    super(requests);
  }

  override canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<object>();
    const body = rawBodyOf(request);
    this.#verify(context, request, body);
    const text = body.toString('utf8');
    Reflect.set(request, 'body', parseJson(text) ?? text);
    return true;
  }

  // A digest that counts once is decided about by the interceptor, which claims it.
  #verify(context: ExecutionContext, request: object, body: Uint8Array): void {
    const { decisions } = this.requests;
    const options = optionsOf(context);
    const verify = (): VerifiedDigest => this.requests.verifiedDigest(digestHeaderOf(request), body, options);
    if (options.once !== true) decisions.decided(context, verify);
    else Reflect.set(request, DIGEST_CLAIM, decisions.refusedAtOnce(context, verify));
  }
}

// Those of the method before those of its class.
const optionsOf = (context: ExecutionContext): WixDigestOptions =>
  [context.getHandler(), context.getClass()]
    .map((target) => Reflect.getMetadata(DIGEST_OPTIONS, target) as WixDigestOptions | undefined)
    .find((options) => options !== undefined) ?? {};

function digestHeaderOf(request: object): string | undefined {
  const headers: unknown = Reflect.get(request, 'headers');
  return isJsonObject(headers) ? textOf(headers, 'digest') : undefined;
}
