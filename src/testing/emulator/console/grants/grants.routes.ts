import type { ScenarioPerson } from '../../scenario/scenario-people.js';
import type { EmulatedInstall } from '../../world/emulated-install.js';
import { scopeContents } from '../catalogue/scope-contents.js';
import type {
  DeliveryView,
  GrantsView,
  Held,
  InstallChange,
  InstallChanged,
  PersonChange,
  PersonView,
  ScopeRow,
} from '../console-api.js';
import type { ConsoleContext } from '../console-context.js';
import type { Deliveries } from '../events/deliveries.js';
import { ApiRefusal, param, queryParam, type ApiCall, type ApiRoute } from '../http/api-route.js';
import type { InstallSteps } from '../installing/install-steps.js';
import { installById, siteById } from '../people/lookups.js';
import { installView, personView } from '../people/views.js';

const texts = { type: 'array', items: { type: 'string', pattern: '^[!-~]{1,200}$', title: 'an id' } } as const;

/** The Grants page. */
export const grantsRoutes = (
  context: ConsoleContext,
  deliveries: Deliveries,
  steps: InstallSteps,
): readonly ApiRoute[] => [
  {
    method: 'GET',
    path: 'grants',
    handle: (call) => grantsView(context, installById(context, queryParam(call, 'instanceId'))),
  },
  {
    method: 'PATCH',
    path: 'installs/:instanceId',
    body: {
      type: 'object',
      properties: {
        grant: texts,
        revoke: texts,
        plan: { type: ['string', 'null'] },
        isInstalled: { type: 'boolean' },
      },
      additionalProperties: false,
    },
    handle: async (call): Promise<InstallChanged> => {
      const install = installById(context, param(call, 'instanceId'));
      const event = change(install, call.body as InstallChange);
      steps.settle();
      context.worldChanged();
      const sent: readonly DeliveryView[] = event ? [await deliveries.send(install, { type: event })] : [];
      return { install: installView(install), deliveries: sent };
    },
  },
  {
    method: 'PATCH',
    path: 'sites/:siteId/people/:key',
    body: {
      type: 'object',
      properties: { roles: texts, permissions: texts },
      additionalProperties: false,
    },
    handle: (call) => changePerson(context, call),
  },
];

// What Wix sends for it: no event says that grants or the plan were edited by hand.
function change(install: EmulatedInstall, wanted: InstallChange): 'AppInstalled' | 'AppRemoved' | undefined {
  const { grant = [], revoke = [], plan, isInstalled } = wanted;
  install.grant(...grant);
  install.revoke(...revoke);
  if (plan !== undefined) install.plan = plan ?? undefined;
  if (isInstalled === undefined || isInstalled === install.isInstalled) return undefined;
  if (isInstalled) install.reinstall();
  else install.remove();
  return isInstalled ? 'AppInstalled' : 'AppRemoved';
}

function changePerson(context: ConsoleContext, call: ApiCall): PersonView {
  const { people } = siteById(context, param(call, 'siteId'));
  const person = people.find(({ key }) => key === param(call, 'key'));
  if (person?.kind !== 'user') throw new ApiRefusal(404, 'There is no such user on this site.');
  const { roles, permissions } = call.body as PersonChange;
  Object.assign(person.user, { ...(roles && { roles }), ...(permissions && { permissions }) });
  context.worldChanged();
  return personView(person);
}

function grantsView(context: ConsoleContext, install: EmulatedInstall): GrantsView {
  const { people } = siteById(context, install.site.siteId);
  const held = people.flatMap((person) => (person.kind === 'user' ? person.user.permissions : []));
  const scopes = [...new Set([...install.app.scopes, ...install.grants, ...held])];
  return {
    install: installView(install),
    people: people.map(personView),
    rows: scopes.map((scope) => rowOf(context, install, people, scope)),
    knownScopes: Object.keys(scopeContents),
  };
}

function rowOf(
  { parts }: ConsoleContext,
  install: EmulatedInstall,
  people: readonly ScenarioPerson[],
  scope: string,
): ScopeRow {
  const { scopes } = parts.platform;
  const howHeld = (grants: readonly string[]): Held => {
    if (grants.includes(scope)) return 'direct';
    return scopes.covers(grants, { scope, permissionId: scope }) ? 'contained' : 'no';
  };
  const users = people.flatMap((person) => (person.kind === 'user' ? [person] : []));
  const byKey = users.map(({ key, user }) => [key, howHeld(user.isOwner ? install.grants : user.permissions)] as const);
  return {
    scope,
    contains: scopes.contentsOf(scope),
    requested: install.app.scopes.includes(scope),
    app: howHeld(install.grants),
    people: Object.fromEntries(byKey),
  };
}
