import type { PeopledSite, PlacedApp } from '../../scenario/emulated-scenario.js';
import type { ScenarioPerson } from '../../scenario/scenario-people.js';
import type { EmulatedInstall } from '../../world/emulated-install.js';
import type { ConsoleContext } from '../console-context.js';
import { ApiRefusal } from '../http/api-route.js';

/** The app with an id. @throws {ApiRefusal} 404 */
export function appById({ scenario }: ConsoleContext, appId: string): PlacedApp {
  return found(
    scenario.apps.find(({ app }) => app.appId === appId),
    `app ${appId}`,
  );
}

/** The site with an id. @throws {ApiRefusal} 404 */
export function siteById({ scenario }: ConsoleContext, siteId: string): PeopledSite {
  return found(
    scenario.sites.find(({ site }) => site.siteId === siteId),
    `site ${siteId}`,
  );
}

/** Every installation of every app, removed ones included. */
export const allInstalls = ({ scenario, parts }: ConsoleContext): readonly EmulatedInstall[] =>
  scenario.apps.flatMap(({ app }) => parts.platform.world.installsOf(app));

/** The installation with an id, even a removed one. @throws {ApiRefusal} 404 */
export function installById(context: ConsoleContext, instanceId: string): EmulatedInstall {
  return found(
    allInstalls(context).find((install) => install.instanceId === instanceId),
    `installation ${instanceId}`,
  );
}

/** Where the app of an installation runs. */
export const appOf = (context: ConsoleContext, { app }: EmulatedInstall): PlacedApp => appById(context, app.appId);

/** A person on the site of an installation. @throws {ApiRefusal} 404 */
export function personOn(context: ConsoleContext, { site }: EmulatedInstall, key: string): ScenarioPerson {
  const { people } = siteById(context, site.siteId);
  return found(
    people.find((person) => person.key === key),
    `person "${key}" on this site: ${people.map((person) => person.key).join(', ')}`,
  );
}

function found<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new ApiRefusal(404, `There is no ${what}.`);
  return value;
}
