/**
 * Metadata key of routes that prove who is calling in another way than guards do, such as by a signed body. Guards
 * that stand before every route leave them alone.
 */
export const PUBLIC_ROUTE = Symbol('nestjs-wix-auth:public-route');
