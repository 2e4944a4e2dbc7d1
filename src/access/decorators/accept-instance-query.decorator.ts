import { declare } from '../policy/access-declaration.js';

/**
 * Lets a signed instance stand in the `instance` query parameter of a GET or HEAD route, as Wix puts it there when it
 * opens a page in an iframe. It counts only without an `Authorization` header, and the answer may neither be cached
 * nor named in a `Referer`, because the address itself is a credential.
 */
export const AcceptInstanceQuery = (): MethodDecorator => declare({ acceptsInstanceQuery: true });
