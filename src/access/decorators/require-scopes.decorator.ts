import type { WixScope } from '../../grants/scopes/wix-scope.js';
import { declare } from '../policy/access-declaration.js';

/**
 * Requires permission scopes, all of them, on a route or on every route of a class. Adds to what other decorators on
 * the method and the class require. Whose scopes count is the guard's matter: see {@link WixInstanceGuard},
 * {@link WixUserGuard} and {@link WixAuthGuard}.
 */
export const RequireScopes = (...scopes: readonly WixScope[]): ClassDecorator & MethodDecorator =>
  declare({ all: [scopes] });
