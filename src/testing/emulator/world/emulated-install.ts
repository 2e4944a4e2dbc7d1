import { randomUUID } from 'node:crypto';

import type { EmulatedApp } from './emulated-app.js';
import type { EmulatedSite } from './emulated-site.js';

/** What an installation may be made with. */
export interface EmulatedInstallOptions {
  /** The id of the installation. @default a new GUID */
  readonly instanceId?: string | undefined;
  /**
   * What the site owner consented to: scope ids or permission ids.
   *
   * @default nothing
   */
  readonly grants?: readonly string[] | undefined;
  /** The instance id on the site this one was cloned from. @default none */
  readonly originInstanceId?: string | undefined;
  /** The paid plan's product id; `undefined` is the free plan. @default free */
  readonly plan?: string | undefined;
}

/** An event the app reported by Send BI Event. */
export interface EmulatedBiEvent {
  /** What happened, such as `APP_FINISHED_CONFIGURATION`. */
  readonly eventName: string;
  /** What happened, when `eventName` is `CUSTOM`. */
  readonly customEventName?: string;
  /** Further fields from the app. */
  readonly eventData?: Readonly<Record<string, string>>;
}

/** One app installed on one site. Made by `wix.install()`. */
export class EmulatedInstall {
  /** The app that is installed. */
  readonly app: EmulatedApp;
  /** The site it is installed on. */
  readonly site: EmulatedSite;
  /** The id of this installation: the tenant. It survives removal and reinstallation. */
  readonly instanceId: string;
  /** The instance id on the site this one was cloned from. */
  readonly originInstanceId: string | undefined;
  /** What the app reported by Send BI Event, oldest first. */
  readonly biEvents: EmulatedBiEvent[] = [];
  /** The paid plan's product id, or `undefined`; may be replaced at any time. */
  plan: string | undefined;
  #grants: Set<string>;
  #installed = true;

  constructor(app: EmulatedApp, site: EmulatedSite, options: EmulatedInstallOptions = {}) {
    this.app = app;
    this.site = site;
    this.instanceId = options.instanceId ?? randomUUID();
    this.originInstanceId = options.originInstanceId;
    this.plan = options.plan;
    this.#grants = new Set(options.grants);
  }

  /** Whether the app is on the site now. */
  get isInstalled(): boolean {
    return this.#installed;
  }

  /** What the site granted the app: scope ids or permission ids. */
  get grants(): readonly string[] {
    return [...this.#grants];
  }

  /** The site grants more, as after an update of the app. */
  grant(...scopes: readonly string[]): void {
    for (const scope of scopes) this.#grants.add(scope);
  }

  /** The site grants less. */
  revoke(...scopes: readonly string[]): void {
    for (const scope of scopes) this.#grants.delete(scope);
  }

  /** The site grants exactly this. */
  setGrants(scopes: readonly string[]): void {
    this.#grants = new Set(scopes);
  }

  /** The site removes the app. See the variant `tokensOfRemovedInstalls` for what becomes of its tokens. */
  remove(): void {
    this.#installed = false;
  }

  /** The site installs the app again, under the same instance id, granting what it granted before or `grants`. */
  reinstall(grants: readonly string[] = this.grants): void {
    this.#installed = true;
    this.setGrants(grants);
  }
}
