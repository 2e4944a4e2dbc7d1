import { isProtective, type AccessLevel } from './access-level.js';
import { identityTypes, type AccessPolicy } from './access-policy.js';
import { isScopeName } from './scope-name.js';

/** What is wrong with what was declared about a handler, each with its remedy; empty when all is well. */
export const problemsOf = (
  levels: readonly AccessLevel[],
  policy: AccessPolicy,
  httpMethod: string | undefined,
): string[] => [
  ...levels.flatMap(problemsAt),
  ...problemsTogether(levels, policy),
  ...problemsWithQuery(levels, httpMethod),
];

const problemsAt = (level: AccessLevel): string[] => [
  ...problemsWithGuards(level),
  ...problemsWithPublic(level),
  ...problemsWithIdentities(level),
  ...problemsWithScopes(level),
];

function problemsWithGuards({ name, authorities }: AccessLevel): string[] {
  if (authorities.length < 2) return [];
  return [`${name} has guards of ${String(authorities.length)} authorities (${authorities.join(', ')}): keep one.`];
}

function problemsWithPublic(level: AccessLevel): string[] {
  const contradicts = isProtective({ ...level, authorities: level.authorities.filter((one) => one !== 'auth') });
  if (!level.isPublic || !contradicts) return [];
  return [
    `${level.name} has @WixPublic together with scopes, identities or a guard for certain callers: ` +
      'remove @WixPublic, or what it contradicts.',
  ];
}

function problemsWithIdentities({ name, identities }: AccessLevel): string[] {
  const unknown = identities.flat().filter((type) => !identityTypes.includes(type));
  return [
    ...(identities.length > 1
      ? [`${name} names its identities ${String(identities.length)} times: keep one list.`]
      : []),
    ...(identities.some((list) => list.length === 0) ? [`${name} allows no identity at all: name at least one.`] : []),
    ...unknown.map((type) => `${name} allows "${type}", which is none of ${identityTypes.join(', ')}.`),
  ];
}

function problemsWithScopes({ name, all, any }: AccessLevel): string[] {
  const lists = [...all, ...any];
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

function problemsTogether(levels: readonly AccessLevel[], policy: AccessPolicy): string[] {
  const { authority, identities, isPublic } = policy;
  const excludes = !isPublic && authority === 'user' && identities.length > 0 && !identities.includes('user');
  const readsNobody = isPublic && levels.some((level) => level.reads.includes('required'));
  return [
    ...(excludes
      ? [
          `its guard takes users and its identities (${identities.join(', ')}) exclude them: add @AllowIdentities('user') to the method, or use another guard.`,
        ]
      : []),
    ...(readsNobody ? ['it is public and reads @WixIdentity(): read @WixIdentity.optional() instead.'] : []),
  ];
}

function problemsWithQuery(levels: readonly AccessLevel[], httpMethod: string | undefined): string[] {
  const accepts = levels.some((level) => level.acceptsInstanceQuery);
  if (!accepts || httpMethod === 'GET' || httpMethod === 'HEAD') return [];
  return ['it has @AcceptInstanceQuery and is no GET or HEAD route: remove it.'];
}
