import { declare } from '../policy/access-declaration.js';

/**
 * Opens a route to everybody: our guards let requests pass without looking at them. On a method it wins over the
 * class; a method of a public class that names a guard, scopes or identities of its own is not public.
 *
 * To greet callers who did identify themselves, read `@WixIdentity.optional()` on such a route.
 */
export const WixPublic = (): ClassDecorator & MethodDecorator => declare({ isPublic: true });
