import type { WixRoute } from '../../index.js';
import type { EmulatedApp } from '../emulator/world/emulated-app.js';
import type { EmulatedInstall } from '../emulator/world/emulated-install.js';
import type { WixEmulator } from '../emulator/wix-emulator.js';
import {
  expectedFor,
  expired,
  missing,
  planRequired,
  requiresScopes,
  wrongApp,
  type Expectation,
  type Holder,
} from './expectations.js';

/** One kind of caller of one route. */
export interface MatrixCaller {
  /** The column of the table, or, for a caller who lacks something, what is missing. */
  readonly name: string;
  /** Whether this case is about one missing scope or plan. */
  readonly lacks: boolean;
  readonly expected: Expectation;
  /** What the site grants the app in this case. */
  readonly grants: readonly string[];
  /** Whether the site has none of the plans that are required. */
  readonly isWithoutPlan?: true;
  /** The credential of the caller, who is on that site; `undefined` for a caller without one. */
  readonly credential: (install: EmulatedInstall) => string | undefined;
}

/** What is known about the application besides its routes. */
export interface MatrixWorld {
  readonly wix: WixEmulator;
  readonly app: EmulatedApp;
  /** What the roles of users give, from `grants.userRoles`. */
  readonly roles: Readonly<Record<string, '*' | readonly string[]>>;
  /** What members and visitors hold. */
  readonly visitorScopes: readonly string[];
}

const MANAGE_CONTRIBUTORS = 'SCOPE.DC-IDENTITY.MANAGE-CONTRIBUTORS';

/** The kinds of caller tested for every route, in the order of the table. */
export const callerNames = [
  'no credential',
  'expired',
  "another app's",
  'app',
  'owner',
  'user with all roles',
  'user without role',
  'member',
  'visitor',
] as const;

/** Every caller of a guarded or public route. */
export function callersOf(route: WixRoute, world: MatrixWorld): readonly MatrixCaller[] {
  const grants = grantsFor(route);
  return [...strangers(route, grants, world), ...known(route, grants, world), ...lacking(route, grants, world)];
}

const grantsFor = ({ scopes, anyScopes }: WixRoute): readonly string[] => [
  ...new Set([...scopes, ...anyScopes.flatMap((group) => group.slice(0, 1)), MANAGE_CONTRIBUTORS]),
];

function strangers(route: WixRoute, grants: readonly string[], { wix }: MatrixWorld): readonly MatrixCaller[] {
  const verified = (expectation: Expectation): Expectation => (route.verifiesCredentials ? expectation : 'passes');
  const caller = (name: string, expected: Expectation, credential: MatrixCaller['credential']): MatrixCaller => ({
    name,
    lacks: false,
    expected,
    grants,
    credential,
  });
  return [
    caller('no credential', route.access === 'public' ? 'passes' : missing, () => undefined),
    caller('expired', verified(expired), (install) =>
      wix.mint.userToken(install, install.site.owner, { expiresInSeconds: -60 }),
    ),
    caller("another app's", verified(wrongApp), ({ site }) =>
      wix.mint.userToken(wix.install(wix.addApp(), site, { grants }), site.owner),
    ),
  ];
}

interface Person {
  readonly name: string;
  readonly holder: Holder;
  /** What they hold if scopes count for all that they may contain. @default the same */
  readonly atMost?: Holder;
  readonly credential: MatrixCaller['credential'];
}

function known(route: WixRoute, grants: readonly string[], world: MatrixWorld): readonly MatrixCaller[] {
  const app = world.wix.contentsOf(grants);
  return peopleFor(route, world).flatMap(({ name, holder, atMost = holder, credential }) => {
    const expected = expectedFor(route, holder, app);
    const isCertain = expected === expectedFor(route, atMost, app);
    return isCertain ? [{ name, lacks: false, expected, grants, credential }] : [];
  });
}

// What a port of the application gives to users is not known here: callers it decides about are left out.
function peopleFor(route: WixRoute, world: MatrixWorld): readonly Person[] {
  const isKnown = route.authority === 'instance' || route.looksUpRoles || !requiresScopes(route);
  const all = peopleOf(world);
  return isKnown || !route.callers.includes('user') ? all : all.filter(({ holder }) => holder.type !== 'user');
}

function peopleOf({ wix, roles, visitorScopes }: MatrixWorld): readonly Person[] {
  const visitor = wix.contentsOf(visitorScopes);
  const allRoles = Object.keys(roles);
  return [
    { name: 'app', holder: { type: 'app', holds: '*' }, credential: (install) => wix.mint.appToken(install) },
    {
      name: 'owner',
      holder: { type: 'user', holds: '*' },
      credential: (install) => wix.mint.userToken(install, install.site.owner),
    },
    ...(allRoles.length === 0 ? [] : [userWith('user with all roles', allRoles, wix, roles)]),
    userWith('user without role', [], wix, roles),
    {
      name: 'member',
      holder: { type: 'member', holds: visitor },
      credential: (install) => wix.mint.memberToken(install, install.site.addMember()),
    },
    {
      name: 'visitor',
      holder: { type: 'visitor', holds: visitor },
      credential: (install) => wix.mint.visitorToken(install, install.site.addVisitor()),
    },
  ];
}

function userWith(name: string, ids: readonly string[], wix: WixEmulator, roles: MatrixWorld['roles']): Person {
  const lists = ids.map((id) => roles[id] ?? []);
  const isAll = lists.includes('*');
  return {
    name,
    // Only documented contents of a role's scopes count, and this matrix does not know which those are.
    holder: { type: 'user', holds: isAll ? '*' : new Set(lists.flat()) },
    atMost: { type: 'user', holds: isAll ? '*' : wix.contentsOf(lists.flat()) },
    credential: (install) => wix.mint.userToken(install, install.site.addUser({ roles: ids })),
  };
}

// One case for each scope, or group of scopes, that the app does not hold, one where the user does not, and one on a
// site without a plan.
function lacking(route: WixRoute, grants: readonly string[], world: MatrixWorld): readonly MatrixCaller[] {
  if (route.access !== 'guarded') return [];
  const needs = [...route.scopes.map((scope) => [scope]), ...route.anyScopes];
  const passing = known(route, grants, world).find(({ expected }) => expected === 'passes');
  return [
    ...needs.flatMap((need) => [
      ...(passing === undefined ? [] : [lackedByApp(route, need, grants, passing, world)]),
      ...lackedByUser(route, need, grants, world),
    ]),
    ...(passing === undefined ? [] : withoutPlan(route, passing)),
  ];
}

function withoutPlan({ plans }: WixRoute, passing: MatrixCaller): readonly MatrixCaller[] {
  if (plans.length === 0) return [];
  const name = `${passing.name}, site without plan ${plans.join(' or ')}`;
  return [{ ...passing, name, lacks: true, expected: planRequired, isWithoutPlan: true }];
}

function lackedByApp(
  route: WixRoute,
  need: readonly string[],
  grants: readonly string[],
  { name, credential }: MatrixCaller,
  { wix }: MatrixWorld,
): MatrixCaller {
  const left = grants.filter((grant) => !need.some((scope) => wix.contentsOf([grant]).has(scope)));
  const holder: Holder = { type: typeOf(name), holds: '*' };
  const expected = expectedFor(route, holder, wix.contentsOf(left));
  return { name: `${name}, app without ${need.join(' or ')}`, lacks: true, expected, grants: left, credential };
}

const typeOf = (name: string): Holder['type'] =>
  name === 'app' || name === 'member' || name === 'visitor' ? name : 'user';

function lackedByUser(
  route: WixRoute,
  need: readonly string[],
  grants: readonly string[],
  { wix, roles }: MatrixWorld,
): readonly MatrixCaller[] {
  if (route.authority === 'instance' || !route.looksUpRoles) return [];
  const left = Object.keys(roles).filter((id) => {
    const list = roles[id] ?? [];
    return list !== '*' && !need.some((scope) => wix.contentsOf(list).has(scope));
  });
  const { holder, credential } = userWith('', left, wix, roles);
  const expected = expectedFor(route, holder, wix.contentsOf(grants));
  return [{ name: `user without ${need.join(' or ')}`, lacks: true, expected, grants, credential }];
}
