import { defaultVariants, type WixEmulatorVariants } from '../variants.js';
import type { EmulatedInstall } from '../world/emulated-install.js';
import type { EmulatedUser } from '../world/emulated-site.js';
import type { World } from '../world/world.js';
import type { EmulatedScenario, PeopledSite, PlacedApp } from './emulated-scenario.js';
import type {
  ScenarioApp,
  ScenarioInstall,
  ScenarioMember,
  ScenarioSite,
  ScenarioUser,
  ScenarioVisitor,
  WixEmulatorScenario,
} from './scenario-file.js';

/** The scenario as it is now, in the format it is read from. Without secrets and keys. */
export function savedScenario(
  world: World,
  scenario: EmulatedScenario,
  variants: WixEmulatorVariants,
): WixEmulatorScenario {
  const installs = scenario.apps.flatMap(({ key, app }) =>
    world.installsOf(app).map((install) => savedInstall(key, install, scenario.sites)),
  );
  return {
    apps: scenario.apps.map(savedApp),
    sites: scenario.sites.map(savedSite),
    installs,
    variants: changed(variants),
  };
}

function savedApp({ key, app, url, paths }: PlacedApp): ScenarioApp {
  const { appId, name, scopes, redirectUrls, appUrl, websiteUrl } = app;
  return { key, appId, name, scopes, url, ...paths, redirectUrls, ...given({ appUrl, websiteUrl }) };
}

function savedSite({ key, site, people }: PeopledSite): ScenarioSite {
  const { siteId, name, url, locale, catalogVersion, installedWixApps, products, contacts } = site;
  const [owner, ...others] = people;
  return {
    ...{ key, siteId, name, url, locale, catalogVersion, installedWixApps },
    owner: { key: owner?.key ?? 'owner', userId: site.owner.userId, email: site.owner.email },
    users: others.flatMap((one): readonly ScenarioUser[] =>
      one.kind === 'user' ? [savedUser(one.key, one.user)] : [],
    ),
    members: people.flatMap((one): readonly ScenarioMember[] => {
      if (one.kind !== 'member') return [];
      return [{ key: one.key, memberId: one.member.memberId, visitorId: one.member.visitorId }];
    }),
    visitors: people.flatMap((one): readonly ScenarioVisitor[] =>
      one.kind === 'visitor' ? [{ key: one.key, visitorId: one.visitor.visitorId }] : [],
    ),
    ...{ products, contacts },
  };
}

const savedUser = (key: string, user: EmulatedUser): ScenarioUser => {
  const { userId, name, email, roles, permissions, locationIds } = user;
  return { key, userId, name, email, roles, permissions, ...given({ locationIds }) };
};

function savedInstall(app: string, install: EmulatedInstall, sites: readonly PeopledSite[]): ScenarioInstall {
  const site = sites.find((one) => one.site === install.site)?.key ?? '';
  const { instanceId, grants, plan, isInstalled: installed } = install;
  return { app, site, instanceId, grants, installed, ...given({ plan }) };
}

// JSON has no Infinity: what is as it was from the start is left out.
function changed(variants: WixEmulatorVariants): Partial<WixEmulatorVariants> {
  const defaults: Readonly<Record<string, unknown>> = { ...defaultVariants() };
  return Object.fromEntries(Object.entries(variants).filter(([name, value]) => value !== defaults[name]));
}

type Given<Fields> = { readonly [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

const given = <Fields extends object>(fields: Fields): Given<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<Fields>;
