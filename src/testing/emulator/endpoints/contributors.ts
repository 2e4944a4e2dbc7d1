import type { Platform } from '../platform.js';
import { jsonAnswer, Refused, validationError } from '../wire/answer.js';
import type { EmulatedSite, EmulatedUser } from '../world/emulated-site.js';
import type { Need } from '../world/scope-table.js';
import { authorize } from './authorization.js';
import type { Endpoint } from './endpoint.js';

const MANAGE_CONTRIBUTORS: Need = {
  scope: 'SCOPE.DC-IDENTITY.MANAGE-CONTRIBUTORS',
  permissionId: 'IDENTITY.MANAGE_CONTRIBUTORS',
};

/**
 * `GET /roles-management/v2/contributors/query`: who may manage the site, with their roles. Filters by
 * `filter.policyIds` and `filter.locationIds`; pages by `paging.limit` and `paging.cursor`, which is a guess.
 */
export const contributorsEndpoint: Endpoint = {
  method: 'GET',
  path: '/roles-management/v2/contributors/query',
  handle: (call) => {
    const { install } = authorize(call, MANAGE_CONTRIBUTORS);
    const { searchParams } = new URL(call.request.url, 'http://emulator');
    const found = contributorsOf(call.platform, install.site).filter((user) => matchesFilter(user, searchParams));
    const page = pageOf(call.platform, found, searchParams);
    const contributors = page.users.map((user) => contributorOf(call.platform, user));
    return jsonAnswer(200, { contributors, [call.platform.variants.contributorsPaging]: page.metadata });
  },
};

const contributorsOf = ({ variants }: Platform, site: EmulatedSite): readonly EmulatedUser[] =>
  variants.ownerIsContributor ? [site.owner, ...site.collaborators] : site.collaborators;

function matchesFilter(user: EmulatedUser, query: URLSearchParams): boolean {
  const policyIds = query.getAll('filter.policyIds');
  const locationIds = query.getAll('filter.locationIds');
  const hasRole = policyIds.length === 0 || policyIds.some((id) => user.roles.includes(id));
  return hasRole && (locationIds.length === 0 || locationIds.some((id) => user.locationIds?.includes(id) ?? true));
}

function pageOf({ variants }: Platform, users: readonly EmulatedUser[], query: URLSearchParams) {
  const limit = Math.min(
    wholeNumber(query, 'paging.limit', variants.contributorsPageSize),
    variants.contributorsPageSize,
  );
  const start = startOf(query.get('paging.cursor'));
  const end = start + limit;
  const hasNext = end < users.length;
  const cursors = hasNext ? { next: cursorTo(end) } : {};
  const page = users.slice(start, end);
  return { users: page, metadata: { count: page.length, cursors, hasNext } };
}

function wholeNumber(query: URLSearchParams, name: string, otherwise: number): number {
  const number = Number(query.get(name) ?? otherwise);
  if (!Number.isInteger(number) || number < 1) throw new Refused(validationError(name, 'must be a positive number'));
  return number;
}

const cursorTo = (index: number): string => Buffer.from(`contributors:${index.toString()}`).toString('base64url');

function startOf(cursor: string | null): number {
  if (cursor === null) return 0;
  const [, index] = /^contributors:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (index === undefined) throw new Refused(validationError('paging.cursor', 'is not a cursor of this endpoint'));
  return Number(index);
}

const contributorOf = (platform: Platform, user: EmulatedUser): object => ({
  id: user.userId,
  metaData: {
    id: user.accountId,
    fullName: user.name,
    imageUrl: '',
    email: user.email,
    assignments: user.roles.map((roleId, index) => assignmentOf(platform, user, roleId, index)),
  },
  isTeam: false,
  isClient: false,
  joinedAt: '2024-01-01T00:00:00.000Z',
  callerCapabilities: [],
});

function assignmentOf({ variants }: Platform, user: EmulatedUser, roleId: string, index: number): object {
  const { locationIds } = user;
  const place = locationIds === undefined ? undefined : variants.assignmentLocations;
  return {
    policy: variants.assignmentPolicy === 'object' ? { policyId: roleId } : roleId,
    assignmentId: `${user.accountId}:${index.toString()}`,
    subject: { id: user.accountId, subjectType: 'ACCOUNT', ...(place === 'subject' ? { locationIds } : {}) },
    ...(place === 'assignment' ? { locationIds } : {}),
    ...(place === 'restrictions' ? { restrictions: { locations: { locationIds } } } : {}),
  };
}
