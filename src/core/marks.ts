/**
 * The keys under which decorators leave metadata, and guards what they found out about a request. They are the same in
 * every copy of this package in a process: its ESM and CommonJS builds, or two installations of it.
 *
 * The number is the format of what stands there. Raise it when that changes: a copy that does not know the format then
 * refuses to start, instead of reading nothing.
 */

/** What the decorators on a class or method declare about access. */
export const ACCESS = Symbol.for('nestjs-wix-auth/access@2');

/** The authority of a guard class; subclasses inherit it. */
export const AUTHORITY = Symbol.for('nestjs-wix-auth/authority@1');

/**
 * A route that proves who is calling in another way than guards do, such as by a signed body. Guards that stand before
 * every route leave it alone.
 */
export const PUBLIC_ROUTE = Symbol.for('nestjs-wix-auth/public-route@1');

/** The identity that was admitted to a request. */
export const IDENTITY = Symbol.for('nestjs-wix-auth/identity@1');

/** The policy that was applied to a call. */
export const APPLIED = Symbol.for('nestjs-wix-auth/applied@1');

/** The types of event a method handles, and the definitions of packages by which it does. */
export const EVENT_TYPES = Symbol.for('nestjs-wix-auth/event-types@2');

/** The method of a service plugin's definition that a handler implements. */
export const SERVICE_PLUGIN_METHOD = Symbol.for('nestjs-wix-auth/service-plugin-method@1');

/** The verified service plugin call of a request. */
export const SERVICE_PLUGIN_CALL = Symbol.for('nestjs-wix-auth/service-plugin-call@1');

/** The bytes of a request's body. */
export const BODY = Symbol.for('nestjs-wix-auth/body@1');

/** A method that takes the bytes of the body. */
export const TAKES_RAW_BODY = Symbol.for('nestjs-wix-auth/raw-body@1');

/** That a decorator of this package left something on a function. */
export const DECORATED = Symbol.for('nestjs-wix-auth/decorated@1');

/** On which methods of a class decorators of this package left something. */
export const DECORATED_METHODS = Symbol.for('nestjs-wix-auth/decorated-methods@1');

/** How the parameters of a method read the identity. */
export const READS = Symbol.for('nestjs-wix-auth/reads@1');

/** The controller that takes the webhooks of a registration. */
export const WEBHOOK_ENDPOINT = Symbol.for('nestjs-wix-auth/webhook-endpoint@1');

/** On an answer of Wix that a client of its SDK got, and on the parts of its body: what the answer says. */
export const REFUSAL = Symbol.for('nestjs-wix-auth/refusal@1');

/**
 * The token under which a registration provides the function that reads all routes: a value, so that it is there in Nest's
 * preview mode too.
 */
export const ROUTES_READER = Symbol.for('nestjs-wix-auth/routes-reader@1');

/**
 * The copy that a port, a guard class or the module belongs to, and that left the other marks of a class or method: an
 * object with its `version`. Has no number, because every copy has to understand it.
 */
export const COPY = Symbol.for('nestjs-wix-auth/copy');

/** This copy. The ESM and the CommonJS build have one each. */
export const thisCopy = Object.freeze({ version: '0.1.0' });

/** How a route accepts requests with a `digest` header. */
export const DIGEST_OPTIONS = Symbol.for('nestjs-wix-auth/digest-options@1');

/** The verified digest of a request that counts once, until it is claimed. */
export const DIGEST_CLAIM = Symbol.for('nestjs-wix-auth/digest-claim@1');
