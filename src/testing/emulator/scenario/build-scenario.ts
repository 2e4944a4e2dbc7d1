import type { EmulatedSite } from '../world/emulated-site.js';
import type { World } from '../world/world.js';
import { EmulatedScenario, type PeopledSite, type PlacedApp } from './emulated-scenario.js';
import type { ScenarioApp, ScenarioInstall, ScenarioSite, WixEmulatorScenario } from './scenario-file.js';
import type { ScenarioIds } from './scenario-ids.js';
import { peopleOf } from './scenario-people.js';

/** Creates what a checked scenario describes in an empty world. */
export function buildScenario(world: World, file: WixEmulatorScenario, ids: ScenarioIds): EmulatedScenario {
  const apps = file.apps.map((app) => addApp(world, app, ids));
  const sites = file.sites.map((site) => addSite(world, site, ids));
  const scenario = new EmulatedScenario(world, apps, sites);
  for (const install of file.installs) addInstall(world, scenario, install, ids);
  return scenario;
}

const DEFAULT_URL = 'http://localhost:3000';

function addApp(world: World, file: ScenarioApp, ids: ScenarioIds): PlacedApp {
  const { origin } = new URL(file.url ?? DEFAULT_URL);
  const onApp = (address: string | undefined): string | undefined => address && new URL(address, origin).href;
  const app = world.addApp({
    ...ids.secretsOf(file.key),
    appId: file.appId ?? ids.idOf(`apps/${file.key}`),
    name: file.name ?? file.key,
    scopes: file.scopes,
    redirectUrls: file.redirectUrls?.flatMap((address) => onApp(address) ?? []),
    appUrl: onApp(file.appUrl),
    websiteUrl: onApp(file.websiteUrl),
  });
  const { webhooks = '/wix/webhooks', dashboard = '/dashboard', plugins = '/plugins' } = file;
  return { key: file.key, app, url: origin, paths: { webhooks, dashboard, plugins } };
}

function addSite(world: World, file: ScenarioSite, ids: ScenarioIds): PeopledSite {
  const { key, owner = {}, name = key, siteId = ids.idOf(`sites/${key}`) } = file;
  const ownerId = owner.userId ?? ids.idOf(`sites/${key}/owner`);
  const site = world.addSite({ ...file, name, siteId, ownerId, ownerEmail: owner.email });
  fill(site, file);
  return { key, site, people: peopleOf(file, site, ids) };
}

function fill(site: EmulatedSite, { products = [], contacts = [] }: ScenarioSite): void {
  for (const product of products) site.addProduct(product);
  for (const contact of contacts) site.addContact(contact);
}

function addInstall(world: World, scenario: EmulatedScenario, file: ScenarioInstall, ids: ScenarioIds): void {
  const app = scenario.app(file.app);
  const install = world.install(app, scenario.site(file.site), {
    instanceId: file.instanceId ?? ids.idOf(`installs/${file.app}/${file.site}`),
    grants: file.grants ?? app.scopes,
    plan: file.plan,
  });
  if (file.installed === false) install.remove();
}
