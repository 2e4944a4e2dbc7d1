import { isDemanding, requiresMore, type AccessLevel } from './access-level.js';
import { authorityAt, identityTypes, openingLevel, type AccessPolicy } from './access-policy.js';
import { isScopeName } from './scope-name.js';

/** What is wrong with what was declared about a handler, each with its remedy; empty when all is well. */
export const problemsOf = (
  levels: readonly AccessLevel[],
  policy: AccessPolicy,
  httpMethod: string | undefined,
): string[] => [
  ...levels.flatMap((level) => [...problemsAt(level), ...problemsWithUsers(levels, level)]),
  ...problemsWithGlobalGuard(levels),
  ...problemsWithOpening(levels),
  ...problemsWithReading(levels, policy),
  ...problemsWithLevelsOfPlans(levels, policy),
  ...problemsWithQuery(levels, httpMethod),
];

const problemsAt = (level: AccessLevel): string[] => [
  ...problemsWithGuards(level),
  ...problemsWithPublic(level),
  ...problemsWithIdentities(level),
  ...problemsWithScopes(level),
  ...problemsWithPlans(level),
];

function problemsWithGuards({ name, authorities }: AccessLevel): string[] {
  if (authorities.length < 2) return [];
  return [
    `${name} declares ${String(authorities.length)} authorities (${authorities.join(', ')}): remove all but one.`,
  ];
}

function problemsWithPublic(level: AccessLevel): string[] {
  if (!level.isPublic || !isDemanding(level)) return [];
  return [
    `${level.name} has @WixPublic together with scopes, plans, identities or a guard for certain callers: ` +
      'remove @WixPublic, or what it contradicts.',
  ];
}

function problemsWithUsers(levels: readonly AccessLevel[], level: AccessLevel): string[] {
  const others = level.identities.flat().filter((type) => type !== 'user' && identityTypes.includes(type));
  if (others.length === 0 || authorityAt(levels, level) !== 'user') return [];
  return [
    `${level.name} allows ${others.join(', ')} where a guard admits users only: remove them from the list, ` +
      'or declare @WixInstanceAuth() or another authority beside it.',
  ];
}

function problemsWithGlobalGuard(levels: readonly AccessLevel[]): string[] {
  const global = levels.find(({ kind }) => kind === 'app')?.authorities[0];
  const others = levels.filter(({ authorities }) => authorities.some((authority) => authority !== global));
  if (global === undefined) return [];
  return others
    .filter(({ kind }) => kind !== 'app')
    .map(
      ({ name, authorities }) =>
        `${name} declares the authority "${authorities.join(', ')}", and a global guard declares "${global}", ` +
        'which no route can replace: remove one of them, or make WixAuthGuard the global guard.',
    );
}

function problemsWithOpening(levels: readonly AccessLevel[]): string[] {
  const opening = openingLevel(levels);
  if (opening?.kind !== 'class') return [];
  return levels
    .slice(levels.indexOf(opening) + 1)
    .filter(requiresMore)
    .map(
      ({ name }) =>
        `${opening.name} is @WixPublic, and ${name} requires scopes or a plan, which only @WixPublic on a method sets aside: ` +
        'put @WixPublic on the methods.',
    );
}

function problemsWithIdentities({ name, identities }: AccessLevel): string[] {
  const unknown = identities.flat().filter((type) => !identityTypes.includes(type));
  return [
    ...(identities.length > 1
      ? [`${name} names its identities ${String(identities.length)} times: keep one list.`]
      : []),
    ...(identities.some((list) => list.length === 0) ? [`${name} allows no identity at all: name at least one.`] : []),
    ...unknown.map((type) => `${name} allows "${type}", which is not one of ${identityTypes.join(', ')}.`),
  ];
}

function problemsWithScopes({ name, all, any, reported }: AccessLevel): string[] {
  const lists = [...all, ...any, ...reported];
  const malformed = lists.flat().filter((scope) => !isScopeName(scope));
  return [
    ...(lists.some((list) => list.length === 0)
      ? [`${name} has an empty list of scopes: name one, or remove it.`]
      : []),
    ...malformed.map(
      (scope) => `${name} requires "${String(scope)}", which cannot be a scope: copy it from Wix's docs.`,
    ),
  ];
}

function problemsWithPlans({ name, plans }: AccessLevel): string[] {
  const malformed = plans.flat().filter((id) => typeof id !== 'string' || id.trim() === '');
  return [
    ...(plans.some((list) => list.length === 0)
      ? [`${name} has an empty list of plans: name one, or remove @RequirePlan.`]
      : []),
    ...malformed.map((id) => `${name} requires the plan "${id}", which cannot be one: copy its product id.`),
  ];
}

function problemsWithLevelsOfPlans(levels: readonly AccessLevel[], policy: AccessPolicy): string[] {
  if (policy.plans?.length !== 0 || levels.some(({ plans }) => plans.some((list) => list.length === 0))) return [];
  return [
    'no plan is in all of its @RequirePlan lists, those of its classes included, and a site has one plan: ' +
      'name one plan in all of them.',
  ];
}

function problemsWithReading(levels: readonly AccessLevel[], { isPublic }: AccessPolicy): string[] {
  if (!isPublic || !levels.some((level) => level.reads.includes('required'))) return [];
  return ['it is public and reads @WixIdentity(): read @WixIdentity.optional() instead.'];
}

function problemsWithQuery(levels: readonly AccessLevel[], httpMethod: string | undefined): string[] {
  const accepts = levels.some((level) => level.acceptsInstanceQuery);
  if (!accepts || httpMethod === 'GET' || httpMethod === 'HEAD') return [];
  return ['it has @AcceptInstanceQuery and is not a GET or HEAD route: remove it.'];
}
