import type { WixScope } from '../../grants/scopes/wix-scope.js';
import { declare } from '../policy/access-declaration.js';

/**
 * Reports who would be refused if permission scopes were required, and refuses no call for it: for introducing a scope
 * on a route that is in use. Evaluated after the answer, asking Wix in the background where needed; what cannot be found
 * out is reported as unknown. A scope that {@link RequireScopes} names as well stays required.
 *
 * Whose scopes count is the guard's matter, as with {@link RequireScopes}.
 */
export const ReportScopes = (...scopes: readonly WixScope[]): ClassDecorator & MethodDecorator =>
  declare({ reported: [scopes] });
