import { EmulatedApp, type EmulatedAppOptions } from './emulated-app.js';
import { EmulatedInstall, type EmulatedInstallOptions } from './emulated-install.js';
import { EmulatedSite, type EmulatedSiteOptions } from './emulated-site.js';

/** Every app, site and installation of one emulator. */
export class World {
  readonly #apps = new Map<string, EmulatedApp>();
  readonly #sites = new Map<string, EmulatedSite>();
  readonly #installs = new Map<string, EmulatedInstall>();

  addApp(options?: EmulatedAppOptions): EmulatedApp {
    const app = new EmulatedApp(options);
    return addOnce(this.#apps, app.appId, app, 'an app');
  }

  addSite(options?: EmulatedSiteOptions): EmulatedSite {
    const site = new EmulatedSite(options);
    return addOnce(this.#sites, site.siteId, site, 'a site');
  }

  install(app: EmulatedApp, site: EmulatedSite, options?: EmulatedInstallOptions): EmulatedInstall {
    if (this.installsOf(app).some((install) => install.site === site)) {
      throw new Error('The app has an installation on this site already. Change it, or call its reinstall().');
    }
    const install = new EmulatedInstall(app, site, options);
    return addOnce(this.#installs, install.instanceId, install, 'an installation');
  }

  get sites(): readonly EmulatedSite[] {
    return [...this.#sites.values()];
  }

  app(appId: string): EmulatedApp | undefined {
    return this.#apps.get(appId);
  }

  installsOf(app: EmulatedApp): readonly EmulatedInstall[] {
    return [...this.#installs.values()].filter((install) => install.app === app);
  }

  /** The installation of this app with that id, if it is installed now. */
  installed(app: EmulatedApp, instanceId: string): EmulatedInstall | undefined {
    const install = this.#installs.get(instanceId);
    return install?.app === app && install.isInstalled ? install : undefined;
  }

  /** The installation of this app with that id, even after its removal. */
  known(app: EmulatedApp, instanceId: string): EmulatedInstall | undefined {
    const install = this.#installs.get(instanceId);
    return install?.app === app ? install : undefined;
  }
}

function addOnce<Value>(all: Map<string, Value>, id: string, value: Value, what: string): Value {
  if (all.has(id)) throw new Error(`This emulator has ${what} with the id ${id} already.`);
  all.set(id, value);
  return value;
}
