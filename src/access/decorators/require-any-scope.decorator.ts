import type { WixScope } from '../../grants/scopes/wix-scope.js';
import { declare } from '../policy/access-declaration.js';

/**
 * Requires one of several permission scopes. Each use is a group of its own, and every group must hold, beside
 * whatever {@link RequireScopes} asks for.
 */
export const RequireAnyScope = (...scopes: readonly WixScope[]): ClassDecorator & MethodDecorator =>
  declare({ any: [scopes] });
