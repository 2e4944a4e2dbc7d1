import type { WixIdentityType } from '../core/identities/wix-identity.js';
import type { WixScope } from '../grants/scopes/wix-scope.js';

/**
 * What calls a handler: an HTTP request, a field of a GraphQL query, a WebSocket or microservice message, an event of
 * Wix, Wix itself as a service plugin, or anything else that a guard of this module protects.
 */
export type WixRouteKind = 'http' | 'graphql' | 'message' | 'event' | 'service-plugin' | 'other';

/**
 * How access is decided: our guards admit the callers that are declared (`'guarded'`); every caller is admitted
 * (`'public'`); only Wix is, which signs what it sends (`'signed'`); or the handler has no guard of this module, though
 * it may have others (`'unguarded'`).
 */
export type WixRouteAccess = 'guarded' | 'public' | 'signed' | 'unguarded';

/** One handler at one address, and who may call it: plain data. */
export interface WixRoute {
  /** What calls the handler. */
  readonly kind: WixRouteKind;
  /** How messages name it: `GET /products`, `graphql Query.products`, `message orders.create`, `event AppInstalled`. */
  readonly name: string;
  /** The method that handles it, such as `ProductsController.list`. */
  readonly handler: string;
  /** The HTTP method, such as `GET` or `ALL`; only of HTTP routes and service plugins. */
  readonly method?: string;
  /** The path with its parameters, as the HTTP platform has it; only of HTTP routes and service plugins. */
  readonly path?: string;
  /** How access is decided. */
  readonly access: WixRouteAccess;
  /**
   * Whose permissions count: the app's own (`'instance'`), those the app and the user share (`'user'`), or the caller's
   * (`'auth'`). Only of guarded routes.
   */
  readonly authority?: 'auth' | 'instance' | 'user';
  /** The types of caller that are admitted; empty unless the route is guarded. */
  readonly callers: readonly WixIdentityType[];
  /** Scopes that are required, all of them. */
  readonly scopes: readonly WixScope[];
  /** Groups of scopes; one scope of each group is required. */
  readonly anyScopes: readonly (readonly WixScope[])[];
  /** Scopes that are only reported when they are missing. */
  readonly reportedScopes: readonly WixScope[];
  /** The paid plans of which the site must have one; empty where none is required. */
  readonly plans: readonly string[];
  /** Whether a bad credential is refused: on guarded routes, and on public ones that identify the caller. */
  readonly verifiesCredentials: boolean;
  /** Whether a signed instance may stand in the `instance` query parameter. */
  readonly acceptsInstanceQuery: boolean;
  /**
   * Which registration guards it: the class of the module that imports that registration. Only where an application has
   * several.
   */
  readonly registration?: string;
  /** Whether the roles of users are looked up at Wix, which takes the scope Manage Contributors. */
  readonly looksUpRoles: boolean;
}
