import { randomUUID } from 'node:crypto';

import { newAppKeyPair, type AppKeyPair } from '../world/emulated-app.js';

/** What only the platform and the app know. */
export interface AppSecrets {
  readonly appSecret: string;
  readonly keyPair: AppKeyPair;
}

/** Where ids that a scenario leaves out come from, and the secrets of its apps. */
export interface ScenarioIds {
  /** A GUID for something by its place, such as `sites/flowers/owner`. The same place gives the same GUID. */
  idOf(place: string): string;
  /** The secrets of an app by its key. */
  secretsOf(appKey: string): AppSecrets;
}

/** Ids and secrets that are new in each run. */
export class NewIds implements ScenarioIds {
  readonly #ids = new Map<string, string>();
  readonly #secrets = new Map<string, AppSecrets>();

  idOf(place: string): string {
    const id = this.#ids.get(place) ?? randomUUID();
    this.#ids.set(place, id);
    return id;
  }

  secretsOf(appKey: string): AppSecrets {
    const secrets = this.#secrets.get(appKey) ?? { appSecret: randomUUID(), keyPair: newAppKeyPair() };
    this.#secrets.set(appKey, secrets);
    return secrets;
  }
}
