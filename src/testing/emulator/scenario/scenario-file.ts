import type { WixEmulatorVariants } from '../variants.js';
import type { CatalogVersion, NewEmulatedContact, NewEmulatedProduct } from '../world/site-contents.js';

/**
 * A scenario: apps, sites with their people, and what is installed where. What `wix-emulator.json` holds, for the program
 * and for tests. Ids that are left out are made: the program remembers them from run to run. Secrets and keys never stand
 * here.
 */
export interface WixEmulatorScenario {
  /** The JSON Schema, for editors. */
  readonly $schema?: string;
  /** The apps. The first one is meant where none is named. */
  readonly apps: readonly ScenarioApp[];
  /** The sites, with their people. */
  readonly sites: readonly ScenarioSite[];
  /** Which app is installed on which site. */
  readonly installs: readonly ScenarioInstall[];
  /** How the platform behaves where Wix's behavior varies or is unknown. @default those of `WixEmulatorVariants` */
  readonly variants?: Partial<WixEmulatorVariants>;
}

/** An app of a scenario. */
export interface ScenarioApp {
  /** What it is called in this file, unique among the apps. */
  readonly key: string;
  /** The app's id. @default a GUID that stays the same */
  readonly appId?: string;
  /** What Get App Instance calls the app. @default the key */
  readonly name?: string;
  /** The scopes it asks a site for. @default none */
  readonly scopes?: readonly string[];
  /** Where the app runs. @default 'http://localhost:3000' */
  readonly url?: string;
  /** The path that webhooks are sent to. @default '/wix/webhooks' */
  readonly webhooks?: string;
  /** The path of the dashboard page. @default '/dashboard' */
  readonly dashboard?: string;
  /** The path that paths of service plugins are added to. @default '/plugins' */
  readonly plugins?: string;
  /** The redirect URLs registered for custom authentication; paths are on the app's url. @default none */
  readonly redirectUrls?: readonly string[];
  /** The App URL of custom authentication; a path is on the app's url. @default none */
  readonly appUrl?: string;
  /** The page that starts the external install flow; a path is on the app's url. @default none */
  readonly websiteUrl?: string;
}

/** A site of a scenario. */
export interface ScenarioSite {
  /** What it is called in this file, unique among the sites. */
  readonly key: string;
  /** The site's id. @default a GUID that stays the same */
  readonly siteId?: string;
  /** The site's display name. @default the key */
  readonly name?: string;
  /** The site's address. @default made up from the site id */
  readonly url?: string;
  /** The site's language. @default 'en' */
  readonly locale?: string;
  /** Which catalog the store has. @default 'V3' */
  readonly catalogVersion?: CatalogVersion;
  /** Wix's own apps on the site. @default ['stores'] */
  readonly installedWixApps?: readonly string[];
  /** The Wix user who owns the site. @default one with the key 'owner' */
  readonly owner?: ScenarioOwner;
  /** Wix users who help to manage the site. @default none */
  readonly users?: readonly ScenarioUser[];
  /** Members of the site. @default none */
  readonly members?: readonly ScenarioMember[];
  /** Visitors of the site. @default none */
  readonly visitors?: readonly ScenarioVisitor[];
  /** The products in the store. @default none */
  readonly products?: readonly NewEmulatedProduct[];
  /** The contacts. @default none */
  readonly contacts?: readonly NewEmulatedContact[];
}

/** The owner of a site. */
export interface ScenarioOwner {
  /** What the person is called in this file, unique on the site. @default 'owner' */
  readonly key?: string;
  /** The Wix user's id. @default a GUID that stays the same */
  readonly userId?: string;
  /** The address. @default 'owner@example.com' */
  readonly email?: string;
}

/** A Wix user who helps to manage a site. */
export interface ScenarioUser {
  /** What the person is called in this file, unique on the site. */
  readonly key: string;
  /** The Wix user's id. @default a GUID that stays the same */
  readonly userId?: string;
  /** The display name. @default the key */
  readonly name?: string;
  /** The address. @default made up from the key */
  readonly email?: string;
  /** Role ids. @default none */
  readonly roles?: readonly string[];
  /** What Wix lets this user do: scope ids or permission ids. @default nothing */
  readonly permissions?: readonly string[];
  /** The business locations the roles are limited to. @default not limited */
  readonly locationIds?: readonly string[];
}

/** A member of a site. */
export interface ScenarioMember {
  /** What the person is called in this file, unique on the site. */
  readonly key: string;
  /** The member's id. @default a GUID that stays the same */
  readonly memberId?: string;
  /** The visitor id before logging in. @default a GUID that stays the same */
  readonly visitorId?: string;
}

/** A visitor of a site. */
export interface ScenarioVisitor {
  /** What the person is called in this file, unique on the site. */
  readonly key: string;
  /** The visitor's id. @default a GUID that stays the same */
  readonly visitorId?: string;
}

/** An app on a site. */
export interface ScenarioInstall {
  /** The key of the app. */
  readonly app: string;
  /** The key of the site. */
  readonly site: string;
  /** The id of the installation. @default a GUID that stays the same */
  readonly instanceId?: string;
  /** What the site granted: scope ids or permission ids. @default what the app asks for */
  readonly grants?: readonly string[];
  /** The paid plan's product id. @default the free plan */
  readonly plan?: string;
  /** Whether the app is on the site now, rather than removed from it. @default true */
  readonly installed?: boolean;
}
