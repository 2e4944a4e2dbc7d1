import { applyDecorators, SetMetadata, UseGuards, UseInterceptors } from '@nestjs/common';

import { noteDecorated } from '../nest/decorated-methods.js';
import { DIGEST_OPTIONS, PUBLIC_ROUTE } from '../core/marks.js';
import type { WixDigestOptions } from './wix-signed-request.service.js';
import { WixDigestGuard } from './wix-digest.guard.js';
import { WixDigestInterceptor } from './wix-digest.interceptor.js';

/**
 * Makes a route, or every route of a controller, take only requests whose body Wix signed in the `digest` header
 * ({@link WixDigestGuard}). Guards before every route leave it alone.
 */
export const WixDigest = (options: WixDigestOptions = {}): ClassDecorator & MethodDecorator =>
  applyDecorators(
    noteMethod,
    UseGuards(WixDigestGuard),
    ...(options.once === true ? [UseInterceptors(WixDigestInterceptor)] : []),
    SetMetadata(PUBLIC_ROUTE, true),
    SetMetadata(DIGEST_OPTIONS, Object.freeze({ ...options })),
  );

function noteMethod(target: object, name?: string | symbol, descriptor?: PropertyDescriptor): void {
  if (name !== undefined) noteDecorated(target, name, descriptor?.value);
}
