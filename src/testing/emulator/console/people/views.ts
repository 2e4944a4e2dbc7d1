import type { PeopledSite } from '../../scenario/emulated-scenario.js';
import type { ScenarioPerson } from '../../scenario/scenario-people.js';
import type { EmulatedInstall } from '../../world/emulated-install.js';
import type { InstallView, PersonView, SiteView } from '../console-api.js';

/** A person as the console shows them. */
export function personView(person: ScenarioPerson): PersonView {
  const { key, kind } = person;
  const common = { key, kind, name: key, isOwner: false, roles: [], permissions: [] };
  switch (person.kind) {
    case 'user': {
      const { userId: id, name, isOwner, roles, permissions } = person.user;
      return { ...common, id, name, isOwner, roles, permissions };
    }
    case 'member':
      return { ...common, id: person.member.memberId };
    case 'visitor':
      return { ...common, id: person.visitor.visitorId };
  }
}

/** A site as the console shows it. */
export const siteView = ({ key, site, people }: PeopledSite): SiteView => ({
  siteId: site.siteId,
  key,
  name: site.name,
  url: site.url,
  catalogVersion: site.catalogVersion,
  people: people.map(personView),
});

/** An installation as the console shows it. */
export const installView = ({ app, site, instanceId, isInstalled, grants, plan }: EmulatedInstall): InstallView => ({
  instanceId,
  appId: app.appId,
  siteId: site.siteId,
  isInstalled,
  grants,
  plan: plan ?? null,
});
