import type { EmulatedApp } from '../world/emulated-app.js';
import type { EmulatedInstall } from '../world/emulated-install.js';
import type { EmulatedSite } from '../world/emulated-site.js';
import type { World } from '../world/world.js';
import type { ScenarioPerson } from './scenario-people.js';

/** An app of a scenario, with where it runs. */
export interface PlacedApp {
  /** Its key in the scenario. */
  readonly key: string;
  /** The app. */
  readonly app: EmulatedApp;
  /** The app's origin, such as `http://localhost:3000`. */
  readonly url: string;
  /** Paths on it. */
  readonly paths: AppPaths;
}

/** Paths of an app that Wix calls or opens. */
export interface AppPaths {
  /** Where webhooks are sent. */
  readonly webhooks: string;
  /** The dashboard page. */
  readonly dashboard: string;
  /** What paths of service plugins are added to. */
  readonly plugins: string;
}

/** A site of a scenario, with its people. */
export interface PeopledSite {
  /** Its key in the scenario. */
  readonly key: string;
  /** The site. */
  readonly site: EmulatedSite;
  /** Its people, the owner first. */
  readonly people: readonly ScenarioPerson[];
}

/** Which installation is meant, by keys of the scenario. */
export interface InstallKeys {
  /** @default the first app */
  readonly app?: string | undefined;
  /** @default the first site that has the app */
  readonly site?: string | undefined;
}

/** What a scenario made, by its keys: `wix.scenario`. Unknown keys throw an error that names the known ones. */
export class EmulatedScenario {
  /** The apps with where they run, in the order of the file. */
  readonly apps: readonly PlacedApp[];
  /** The sites with their people, in the order of the file. */
  readonly sites: readonly PeopledSite[];
  readonly #world: World;

  constructor(world: World, apps: readonly PlacedApp[], sites: readonly PeopledSite[]) {
    this.#world = world;
    this.apps = apps;
    this.sites = sites;
  }

  /** An app; without a key the first one. */
  app(key?: string): EmulatedApp {
    return byKey(this.apps, key, 'app').app;
  }

  /** A site; without a key the first one. */
  site(key?: string): EmulatedSite {
    return byKey(this.sites, key, 'site').site;
  }

  /** An installation; without keys the first app on the first site that has it. */
  install({ app, site }: InstallKeys = {}): EmulatedInstall {
    const all = this.#world.installsOf(this.app(app));
    const found = site === undefined ? all[0] : all.find((install) => install.site === this.site(site));
    if (!found)
      throw new Error(`The app is not installed on ${site === undefined ? 'any site' : `the site "${site}"`}.`);
    return found;
  }

  /** A person on the site of an installation. */
  person(key: string, { site }: EmulatedInstall = this.install()): ScenarioPerson {
    const peopled = this.sites.find((one) => one.site === site);
    return byKey(peopled?.people ?? [], key, 'person');
  }
}

function byKey<One extends { readonly key: string }>(all: readonly One[], key: string | undefined, what: string): One {
  const found = key === undefined ? all[0] : all.find((one) => one.key === key);
  if (found) return found;
  throw new Error(`There is no ${what} "${key ?? ''}". There are: ${all.map((one) => one.key).join(', ')}.`);
}
