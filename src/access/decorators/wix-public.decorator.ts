import { declare } from '../policy/access-declaration.js';

/**
 * Opens a route to everyone: our guards let requests pass without reading them. On a method it opens that method,
 * whatever other levels declare, including their scopes. On a class it opens the methods that declare no guard, scopes
 * or identities of their own.
 *
 * To use the identity of callers who present a credential, read `@WixIdentity.optional()` on such a route.
 */
export const WixPublic = (): ClassDecorator & MethodDecorator => declare({ isPublic: true });
