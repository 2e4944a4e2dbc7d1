import { applyDecorators, HttpCode, SetMetadata, UseGuards } from '@nestjs/common';

import { PUBLIC_ROUTE } from '../core/marks.js';
import { WixServicePluginGuard } from './wix-service-plugin.guard.js';

/**
 * Makes a `@Post()` route a method of a service plugin: only requests that Wix signed for this app pass
 * ({@link WixServicePluginGuard}), guards before every route leave it alone, and it answers 200.
 *
 * Throw {@link WixServicePluginException} to answer with an error that Wix understands.
 */
export const WixServicePlugin = (): MethodDecorator =>
  applyDecorators(UseGuards(WixServicePluginGuard), SetMetadata(PUBLIC_ROUTE, true), HttpCode(200));
