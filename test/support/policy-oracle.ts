/**
 * What the five rules of the contract on policies say about a handler, written from their text alone. Shares nothing
 * with the code under test.
 */

export type CallerType = 'app' | 'user' | 'member' | 'visitor';
export type Authority = 'instance' | 'user';
export type Guard = 'any' | Authority;

/** The decorators on one class or method. */
export interface Declarations {
  readonly guards: readonly Guard[];
  readonly shorthands: readonly Shorthand[];
  readonly scopes: readonly string[];
  readonly anyScope: readonly string[];
  readonly plans: readonly string[];
  readonly allow: readonly CallerType[];
  readonly isPublic: boolean;
}

/** `@WixInstanceAuth()` or `@WixUserAuth()`; empty lists are left out. */
export interface Shorthand {
  readonly authority: Authority;
  readonly allow: readonly CallerType[];
  readonly scopes: readonly string[];
}

/** Everything that speaks about one handler. */
export interface Composition {
  readonly global: readonly Guard[];
  readonly base: Declarations;
  readonly class: Declarations;
  readonly method: Declarations;
  /** How the handler's parameter reads the identity. */
  readonly reads: 'nothing' | 'optional' | 'required';
}

/** What must become of the handler. */
export type Verdict =
  | { readonly starts: false }
  | { readonly starts: true; readonly isOpen: true; readonly looksAtCredentials: boolean }
  | {
      readonly starts: true;
      readonly isOpen: false;
      readonly callers: ReadonlySet<CallerType>;
      readonly holder: 'app' | 'caller';
      readonly all: ReadonlySet<string>;
      readonly any: ReadonlySet<string>;
      /** The plans that every level which names some names; `undefined` where none does. */
      readonly plans: ReadonlySet<string> | undefined;
    };

const everyType: readonly CallerType[] = ['app', 'user', 'member', 'visitor'];

/** The contract's answer. */
export function verdictOn(composition: Composition): Verdict {
  const { global, base, class: own, method, reads } = composition;
  const nearestFirst = [method, own, base];
  const globally = authorityOf(global);

  const isRefused =
    breaksRuleOnAuthorities(nearestFirst, global) ||
    breaksRuleOnUsers(nearestFirst, globally) ||
    nearestFirst.some((level) => listsOf(level).length > 1) ||
    nearestFirst.some((level) => level.isPublic && isDemanding(level)) ||
    breaksRuleOnEnforcement(composition);
  if (isRefused) return { starts: false };

  if (!isGuarded(composition)) return { starts: true, isOpen: true, looksAtCredentials: false };
  if (isOpened(nearestFirst)) {
    return reads === 'required'
      ? { starts: false }
      : { starts: true, isOpen: true, looksAtCredentials: reads === 'optional' };
  }
  const plans = plansFor(nearestFirst);
  if (plans?.size === 0) return { starts: false };
  const authority = nearestFirst.map(ownAuthority).find((one) => one !== undefined) ?? globally;
  return {
    starts: true,
    isOpen: false,
    callers: new Set(callersFor(nearestFirst, authority)),
    holder: authority === 'instance' ? 'app' : 'caller',
    all: new Set(nearestFirst.flatMap((level) => [...level.scopes, ...level.shorthands.flatMap((one) => one.scopes)])),
    any: new Set(nearestFirst.filter((level) => level.anyScope.length > 0).map((level) => level.anyScope.join(' | '))),
    plans,
  };
}

// Rule 1: two authorities on one level, or one that differs from a global guard's.
function breaksRuleOnAuthorities(levels: readonly Declarations[], global: readonly Guard[]): boolean {
  const globally = authoritiesIn(global);
  const nearer = levels.map((level) => authoritiesOf(level));
  return (
    [globally, ...nearer].some((authorities) => authorities.size > 1) ||
    (globally.size === 1 && nearer.some((authorities) => [...authorities].some((one) => !globally.has(one))))
  );
}

// Rule 1: user authority admits users alone. Rule 2: a list belongs to the authority it stands beside.
const breaksRuleOnUsers = (levels: readonly Declarations[], globally: Authority | undefined): boolean =>
  levels.some((level, index) => {
    const besides = levels.slice(index).map(ownAuthority);
    const owner = besides.find((one) => one !== undefined) ?? globally;
    return owner === 'user' && listsOf(level).some((list) => list.some((type) => type !== 'user'));
  });

// Rule 5, and what rules 3 and 4 leave without effect.
function breaksRuleOnEnforcement(composition: Composition): boolean {
  const levels = [composition.method, composition.class, composition.base];
  const isUnguarded = !isGuarded(composition);
  const hasDemands = levels.some((level) => listsOf(level).length > 0 || requiresMore(level));
  if (isUnguarded && (hasDemands || composition.reads !== 'nothing')) return true;

  // Only on a method does @WixPublic() set aside the scopes of farther levels.
  const opener = composition.method.isPublic ? -1 : openingLevel(levels);
  return opener > 0 && levels.slice(opener + 1).some(requiresMore);
}

const isOpened = (levels: readonly Declarations[]): boolean => openingLevel(levels) >= 0;

// Rule 4: on a class it opens what declares nothing nearer.
function openingLevel(levels: readonly Declarations[]): number {
  const first = levels.findIndex((level) => level.isPublic || isDemanding(level) || level.guards.length > 0);
  return first >= 0 && levels[first]?.isPublic === true ? first : -1;
}

// Rule 2.
function callersFor(levels: readonly Declarations[], authority: Authority | undefined): readonly CallerType[] {
  const declaredAt = levels.findIndex((level) => ownAuthority(level) !== undefined);
  const thatSpeak = declaredAt < 0 ? levels : levels.slice(0, declaredAt + 1);
  const list = thatSpeak.flatMap(listsOf)[0];
  if (list !== undefined) return list;
  if (authority === undefined) return everyType;
  return authority === 'instance' ? ['app'] : ['user'];
}

// Class and method are groups of which each must hold, and a site has one plan.
function plansFor(levels: readonly Declarations[]): ReadonlySet<string> | undefined {
  const groups = levels.map(({ plans }) => plans).filter((group) => group.length > 0);
  const [first] = groups;
  return first && new Set(first.filter((plan) => groups.every((group) => group.includes(plan))));
}

const isGuarded = ({ global, base, class: own, method }: Composition): boolean =>
  global.length > 0 || [base, own, method].some((level) => level.guards.length + level.shorthands.length > 0);

const isDemanding = (level: Declarations): boolean =>
  authoritiesOf(level).size > 0 || listsOf(level).length > 0 || requiresMore(level);

const requiresMore = (level: Declarations): boolean =>
  level.scopes.length > 0 ||
  level.plans.length > 0 ||
  level.anyScope.length > 0 ||
  level.shorthands.some((one) => one.scopes.length > 0);

const listsOf = (level: Declarations): (readonly CallerType[])[] =>
  [level.allow, ...level.shorthands.map((one) => one.allow)].filter((list) => list.length > 0);

const ownAuthority = (level: Declarations): Authority | undefined => [...authoritiesOf(level)][0];

const authoritiesOf = (level: Declarations): Set<Authority> =>
  new Set([...authoritiesIn(level.guards), ...level.shorthands.map((one) => one.authority)]);

const authoritiesIn = (guards: readonly Guard[]): Set<Authority> => new Set(guards.filter((guard) => guard !== 'any'));

const authorityOf = (guards: readonly Guard[]): Authority | undefined => [...authoritiesIn(guards)][0];
