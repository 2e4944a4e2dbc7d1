import { declare } from '../policy/access-declaration.js';

/**
 * Opens a route to everybody: our guards let requests pass without looking at them. On a method it opens that method,
 * whatever farther levels declare, their scopes included. On a class it opens the methods that declare no guard, scopes
 * or identities of their own.
 *
 * To greet callers who did identify themselves, read `@WixIdentity.optional()` on such a route.
 */
export const WixPublic = (): ClassDecorator & MethodDecorator => declare({ isPublic: true });
