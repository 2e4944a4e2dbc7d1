import type { WixIdentityType } from '../../core/identities/wix-identity.js';
import { declare } from '../policy/access-declaration.js';

/**
 * Names exactly the kinds of caller a route takes, in place of its guard's default: without `'app'` in the list a
 * {@link WixInstanceGuard} refuses the app itself. The list belongs to the authority it stands beside. On a method it
 * wins over the class, and a method that declares an authority of its own does not inherit its class's list.
 *
 * On a {@link WixInstanceGuard} route everyone named here acts with the *app's* permissions: name no more than the
 * route is meant for.
 */
export const AllowIdentities = (...types: readonly WixIdentityType[]): ClassDecorator & MethodDecorator =>
  declare({ identities: [types] });
