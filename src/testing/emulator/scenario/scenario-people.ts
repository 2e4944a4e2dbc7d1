import type { EmulatedMember, EmulatedSite, EmulatedUser, EmulatedVisitor } from '../world/emulated-site.js';
import type { ScenarioIds } from './scenario-ids.js';
import type { ScenarioSite } from './scenario-file.js';

/** Who is on a site, by the key in the scenario; distinguished by `kind`. */
export type ScenarioPerson = ScenarioUserPerson | ScenarioMemberPerson | ScenarioVisitorPerson;

/** A Wix user, the owner included. */
export interface ScenarioUserPerson {
  /** Unique on the site. */
  readonly key: string;
  /** Distinguishes the kinds of people. */
  readonly kind: 'user';
  /** The user. */
  readonly user: EmulatedUser;
}

/** A member of the site. */
export interface ScenarioMemberPerson {
  /** Unique on the site. */
  readonly key: string;
  /** Distinguishes the kinds of people. */
  readonly kind: 'member';
  /** The member. */
  readonly member: EmulatedMember;
}

/** A visitor of the site. */
export interface ScenarioVisitorPerson {
  /** Unique on the site. */
  readonly key: string;
  /** Distinguishes the kinds of people. */
  readonly kind: 'visitor';
  /** The visitor. */
  readonly visitor: EmulatedVisitor;
}

/** Adds the people of a scenario to their site. The owner comes first. */
export function peopleOf(file: ScenarioSite, site: EmulatedSite, ids: ScenarioIds): readonly ScenarioPerson[] {
  const idOf = (...place: readonly string[]): string => ids.idOf(['sites', file.key, ...place].join('/'));
  const users = (file.users ?? []).map(({ key, ...options }): ScenarioPerson => {
    const userId = options.userId ?? idOf(key);
    const { name = key, email = `${key}@example.com` } = options;
    return { key, kind: 'user', user: site.addUser({ ...options, userId, name, email }) };
  });
  const members = (file.members ?? []).map(({ key, memberId = idOf(key), visitorId = idOf(key, 'visitor') }) => ({
    key,
    kind: 'member' as const,
    member: site.addMember({ memberId, visitorId }),
  }));
  const visitors = (file.visitors ?? []).map(({ key, visitorId = idOf(key) }) => ({
    key,
    kind: 'visitor' as const,
    visitor: site.addVisitor({ visitorId }),
  }));
  return [{ key: file.owner?.key ?? 'owner', kind: 'user', user: site.owner }, ...users, ...members, ...visitors];
}
