import type { WixRoute } from './wix-route.js';

/** What an application needs from its sites, and what its routes declare. Commit it as a file to see every change. */
export interface WixManifest {
  /** The version of the format. */
  readonly format: 1;
  /** What to ask for in the app dashboard, each with what needs it. */
  readonly scopes: readonly ManifestScope[];
  /** Groups of scopes: ask for one scope of each. */
  readonly oneOf: readonly ManifestChoice[];
  /** Every handler, sorted by name. */
  readonly routes: readonly ManifestRoute[];
}

/** A scope, or a permission id that a route requires by itself. */
export interface ManifestScope {
  readonly id: string;
  /** The registration whose app needs it, where an application has several. */
  readonly registration?: string;
  /** The name that site owners see, where it is known. */
  readonly name?: string;
  /** The permission ids known to come with it. */
  readonly permissions?: readonly string[];
  /** For a permission id: the scopes known to grant it. */
  readonly grantedBy?: readonly string[];
  readonly requiredBy: readonly string[];
}

/** Scopes of which one is enough. */
export interface ManifestChoice {
  /** The registration whose app needs one of them, where an application has several. */
  readonly registration?: string;
  readonly scopes: readonly string[];
  readonly requiredBy: readonly string[];
  /** The scope that is asked for anyway and contains one of them, where there is one. */
  readonly coveredBy?: string;
}

/** A handler in a manifest: what is empty or false is left out. */
export type ManifestRoute = Pick<WixRoute, 'name' | 'handler' | 'access'> &
  Partial<
    Pick<
      WixRoute,
      | 'registration'
      | 'authority'
      | 'callers'
      | 'scopes'
      | 'anyScopes'
      | 'reportedScopes'
      | 'plans'
      | 'acceptsInstanceQuery'
    >
  >;
