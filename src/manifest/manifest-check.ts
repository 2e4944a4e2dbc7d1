import type { ManifestChoice, ManifestRoute, ManifestScope, WixManifest } from './wix-manifest.js';

/** How an application changed since its manifest was written. */
export interface ManifestCheck {
  /** Changes that need a review: one line each, with the name of the route. */
  readonly failures: readonly string[];
  /** Other changes: stricter routes, and those that are gone. */
  readonly notes: readonly string[];
}

/** Compares an application's manifest with the one that was agreed on. */
export function checkManifest(agreed: WixManifest, current: WixManifest): ManifestCheck {
  const pairs = pairsOf(agreed.routes, current.routes);
  const failures = [...pairs.flatMap(({ before, now }) => weakenings(before, now)), ...missingNeeds(agreed, current)];
  const gone = agreed.routes.filter((route) => !pairs.some(({ before }) => before === route));
  const changed = pairs.filter(
    ({ before, now }) => before !== undefined && weakenings(before, now).length === 0 && !isSame(before, now),
  );
  return {
    failures,
    notes: [
      ...gone.map(({ name, handler }) => `${name} is gone (${handler}).`),
      ...changed.map(({ now }) => `${now.name} changed, and allows no more than before.`),
    ],
  };
}

interface Pair {
  readonly before: ManifestRoute | undefined;
  readonly now: ManifestRoute;
}

// Handlers may share a name, such as two versions selected by a header; the method of an unshared name may be renamed.
function pairsOf(agreed: readonly ManifestRoute[], current: readonly ManifestRoute[]): readonly Pair[] {
  return current.map((now) => {
    const named = agreed.filter((route) => route.name === now.name && mayBeOf(now.registration, route));
    const isAlone = current.filter(({ name }) => name === now.name).length === 1 && named.length === 1;
    return { now, before: isAlone ? named[0] : named.find(({ handler }) => handler === now.handler) };
  });
}

// The manifest of a single registration does not name it.
const mayBeOf = (registration: string | undefined, route: ManifestRoute): boolean =>
  registration === undefined || route.registration === undefined || route.registration === registration;

function weakenings(before: ManifestRoute | undefined, now: ManifestRoute): readonly string[] {
  if (before === undefined) return [`${now.name} is new: ${sayOf(now)} (${now.handler}).`];
  if (isOpen(now))
    return isOpen(before)
      ? []
      : [`${now.name} ${now.access === 'public' ? 'became public' : 'no longer has a guard'}.`];
  const findings = [
    ...widenedCallers(before, now),
    ...weakerAuthority(before, now),
    ...lostScopes(before, now),
    ...lostGroups(before, now),
    ...morePlans(before, now),
    ...(now.acceptsInstanceQuery === true && before.acceptsInstanceQuery !== true && !isOpen(before)
      ? ['takes a signed instance in its address now']
      : []),
  ];
  return findings.map((finding) => `${now.name} ${finding}.`);
}

const isOpen = ({ access }: ManifestRoute): boolean => access === 'public' || access === 'unguarded';

function sayOf({ access, callers = [], scopes = [] }: ManifestRoute): string {
  if (access !== 'guarded') return access;
  return `takes ${callers.join(', ')}${scopes.length > 0 ? ` with ${scopes.join(', ')}` : ''}`;
}

function widenedCallers(before: ManifestRoute, now: ManifestRoute): readonly string[] {
  if (isOpen(before)) return [];
  const added = (now.callers ?? []).filter((type) => !before.callers?.includes(type));
  return added.length === 0 ? [] : [`takes more callers now: ${added.join(', ')}`];
}

// Whose permissions count: the app's own, the caller's, or a user's, which always means both the user's and the app's.
const strictness = { instance: 0, auth: 1, user: 2 } as const;
const holders = {
  instance: "the app's own permissions",
  auth: "the caller's permissions",
  user: "the user's permissions",
};

function weakerAuthority({ authority: before }: ManifestRoute, { authority: now }: ManifestRoute): readonly string[] {
  if (before === undefined || now === undefined || strictness[now] >= strictness[before]) return [];
  return [`acts with ${holders[now]} now, not with ${holders[before]}`];
}

function lostScopes(before: ManifestRoute, now: ManifestRoute): readonly string[] {
  return (before.scopes ?? [])
    .filter((scope) => !now.scopes?.includes(scope))
    .map((scope) => (now.reportedScopes?.includes(scope) === true ? `only reports ${scope} now` : `lost ${scope}`));
}

function lostGroups(before: ManifestRoute, now: ManifestRoute): readonly string[] {
  const holds = (group: readonly string[]): boolean =>
    (now.scopes ?? []).some((scope) => group.includes(scope)) ||
    (now.anyScopes ?? []).some((other) => other.every((scope) => group.includes(scope)));
  return (before.anyScopes ?? []).filter((group) => !holds(group)).map((group) => `lost "one of ${group.join(', ')}"`);
}

function morePlans({ plans: before = [] }: ManifestRoute, { plans: now = [] }: ManifestRoute): readonly string[] {
  if (before.length === 0) return [];
  if (now.length === 0) return [`no longer requires a plan, such as ${before.join(', ')}`];
  const added = now.filter((plan) => !before.includes(plan));
  return added.length === 0 ? [] : [`takes more plans now: ${added.join(', ')}`];
}

function missingNeeds(agreed: WixManifest, current: WixManifest): readonly string[] {
  const known = new Set(agreed.scopes.map(scopeKey));
  const choices = new Set(agreed.oneOf.map(choiceKey));
  return [
    ...current.scopes
      .filter((scope) => !known.has(scopeKey(scope)))
      .map(
        ({ id, requiredBy, registration }) => `${requiredBy.join(', ')} needs ${id}, which ${lackText(registration)}.`,
      ),
    ...current.oneOf
      .filter((choice) => choice.coveredBy === undefined && !choices.has(choiceKey(choice)))
      .map(
        ({ scopes, requiredBy, registration }) =>
          `${requiredBy.join(', ')} needs one of ${scopes.join(', ')}, which ${lackText(registration)}.`,
      ),
  ];
}

const scopeKey = ({ registration = '', id }: ManifestScope): string => `${registration}\n${id}`;
const choiceKey = ({ registration = '', scopes }: ManifestChoice): string => `${registration}\n${scopes.join(' ')}`;
const lackText = (registration: string | undefined): string =>
  registration === undefined ? 'the manifest lacks' : `the manifest lacks for ${registration}`;

const isSame = (one: ManifestRoute, other: ManifestRoute): boolean => JSON.stringify(one) === JSON.stringify(other);
