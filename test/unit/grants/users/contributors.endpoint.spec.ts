import { jest } from '@jest/globals';

import { ContributorsEndpoint } from '../../../../src/grants/users/contributors.endpoint.js';
import { INSTANCE, OWNER_ID, USER_ID } from '../../../support/app.js';
import { MintingWix, appQuestions } from '../../../support/app-requests.js';
import { codeOf } from '../../../support/code-of.js';
import { FakeClock } from '../../../support/fake-clock.js';
import type { Script, WireAnswer } from '../../../support/scripted-wix.js';

const PATH = '/roles-management/v2/contributors/query';
const ROLE = '6600344420111308827';
const PAGE = '<html></html>';

const contributor = (id: string, ...assignments: object[]): object => ({
  id,
  metaData: { id: '88888888-0000-4000-8000-000000000001', fullName: 'A Name', email: 'a@name.test', assignments },
});
const policy = (policyId: string, more: object = {}): object => ({ policy: { policyId }, assignmentId: 'x', ...more });

describe('ContributorsEndpoint', () => {
  let wix: MintingWix;

  const rolesBy = (script: Script, userId = USER_ID): Promise<readonly string[] | 'forbidden'> => {
    wix = new MintingWix(script);
    return new ContributorsEndpoint(appQuestions(wix, new FakeClock())).rolesOf(INSTANCE, userId);
  };
  const rolesIn = (...contributors: object[]): Promise<readonly string[] | 'forbidden'> =>
    rolesBy(() => ({ body: { contributors } }));
  const codeBy = async (script: Script): Promise<unknown> => {
    jest.useFakeTimers();
    const code = codeOf(() => rolesBy(script));
    await jest.advanceTimersByTimeAsync(10_000);
    jest.useRealTimers();
    return code;
  };

  it('reads the roles of the user with that very id', async () => {
    const others = [
      contributor(OWNER_ID, policy('other')),
      contributor(USER_ID.toUpperCase().concat('0'), policy('x')),
    ];

    expect(await rolesIn(...others, contributor(USER_ID, policy(ROLE), policy('custom')))).toEqual([ROLE, 'custom']);
    expect(await rolesIn(...others)).toEqual([]);
    expect(wix.to(PATH)).toMatchObject([{ method: 'GET', authorization: 'token 1' }]);
  });

  it('matches the id of the user in any casing', async () => {
    const userId = 'abcdef00-0000-4000-8000-000000000001';
    for (const [listed, asked] of [
      [userId.toUpperCase(), userId],
      [userId, userId.toUpperCase()],
    ] as const) {
      const body = { contributors: [contributor(listed, policy(ROLE))] };
      expect(await rolesBy(() => ({ body }), asked)).toEqual([ROLE]);
    }
  });

  it.each([{}, { contributors: null }, { pagingMetadata: { count: 0, total: 0 } }])(
    'finds no user in %j',
    async (body) => {
      expect(await rolesBy(() => ({ body }))).toEqual([]);
      expect(wix.to(PATH)).toHaveLength(1);
    },
  );

  it('does not match an account, a name or an email', async () => {
    const namesake = { id: OWNER_ID, metaData: { id: USER_ID, fullName: USER_ID, assignments: [policy(ROLE)] } };

    expect(await rolesIn(namesake)).toEqual([]);
  });

  it.each<[string, object]>([
    ['policy.policyId', { policy: { policyId: ROLE } }],
    ['policy.id', { policy: { id: ROLE } }],
    ['policy as text', { policy: ROLE }],
    ['policyId', { policyId: ROLE }],
    ['roleId', { roleId: ROLE }],
  ])('reads a role from %s', async (_where, assignment) => {
    expect(await rolesIn(contributor(USER_ID, assignment))).toEqual([ROLE]);
  });

  it('reads assignments beside the metadata as well', async () => {
    expect(await rolesIn({ id: USER_ID, assignments: [policy(ROLE)] })).toEqual([ROLE]);
  });

  it.each([{}, { policy: {} }, { policy: null }, { policy: '' }, { policy: 7 }, { policy: [ROLE] }])(
    'reads no role from %j',
    async (assignment) => {
      expect(await rolesIn(contributor(USER_ID, assignment))).toEqual([]);
    },
  );

  it.each(['text', null, {}, 7])('reads no roles where the assignments are %j', async (assignments) => {
    expect(await rolesIn({ id: USER_ID, metaData: { assignments } })).toEqual([]);
  });

  describe('a role for one location', () => {
    it.each<[string, object]>([
      ['on the assignment', { locationIds: ['there'] }],
      ['by one id', { locationId: 'there' }],
      ['on its subject', { subject: { id: 'x', locationIds: ['there'] } }],
      ['in restrictions', { restrictions: { locations: { locationIds: ['there'] } } }],
      ['in a list', { restrictions: [{ resource: { LOCATION: { id: 'there' } } }] }],
    ])('does not apply to the site (%s)', async (_where, limit) => {
      expect(await rolesIn(contributor(USER_ID, policy(ROLE, limit), policy('whole site')))).toEqual(['whole site']);
    });

    it.each<[string, object]>([
      ['is an empty list', { locationIds: [] }],
      ['is null', { restrictions: { locations: null } }],
      ['is an empty text', { locationId: '' }],
    ])('is not limited when the limit %s', async (_what, limit) => {
      expect(await rolesIn(contributor(USER_ID, policy(ROLE, limit)))).toEqual([ROLE]);
    });
  });

  describe('paging', () => {
    const strangers = [contributor(OWNER_ID, policy('other'))];
    const found = [contributor(USER_ID, policy(ROLE))];
    const queriesSent = (): string[] => wix.to(PATH).map(({ path }) => path.slice(PATH.length));

    it.each(['pagingMetadata', 'metadata'])('follows cursors in %s to the last page', async (where) => {
      const roles = await rolesBy(({ path }) => {
        if (path.endsWith('cursor=c%2F2')) return { body: { contributors: found, [where]: { hasNext: false } } };
        const next = path.endsWith('cursor=c1') ? 'c/2' : 'c1';
        return { body: { contributors: strangers, [where]: { hasNext: true, cursors: { next } } } };
      });

      expect(roles).toEqual([ROLE]);
      expect(queriesSent()).toEqual(['', '?paging.cursor=c1', '?paging.cursor=c%2F2']);
    });

    it('uses offsets up to the total', async () => {
      const roles = await rolesBy(({ path }) => {
        const offset = Number(/offset=(\d+)/.exec(path)?.[1] ?? 0);
        return {
          body: { contributors: offset < 2 ? strangers : found, pagingMetadata: { offset, total: '3', count: 1 } },
        };
      });

      expect(roles).toEqual([ROLE]);
      expect(queriesSent()).toEqual(['', '?paging.offset=1', '?paging.offset=2']);
    });

    it('stops where the user was found', async () => {
      await rolesBy(() => ({ body: { contributors: found, pagingMetadata: { cursors: { next: 'more' } } } }));

      expect(queriesSent()).toEqual(['']);
    });

    it.each([
      {},
      { pagingMetadata: { count: 1, total: 1 } },
      { pagingMetadata: { cursors: {} } },
      { pagingMetadata: { cursors: { next: '' } } },
      { pagingMetadata: { hasNext: false, cursors: { next: 'same' } } },
      { pagingMetadata: null },
    ])('ends with %j: the user is unknown', async (paging) => {
      expect(await rolesBy(() => ({ body: { contributors: strangers, ...paging } }))).toEqual([]);
      expect(queriesSent()).toEqual(['']);
    });

    it('fails as unavailable when pages never end', async () => {
      let page = 0;
      const code = await codeBy(() => {
        page += 1;
        return { body: { contributors: strangers, pagingMetadata: { cursors: { next: `page ${String(page)}` } } } };
      });

      expect(code).toBe('WIX_UNAVAILABLE');
      expect(wix.to(PATH)).toHaveLength(50);
    });

    it('fails as unavailable when the same page is returned again', async () => {
      const code = await codeBy(() => ({
        body: { contributors: strangers, pagingMetadata: { cursors: { next: 'same' } } },
      }));

      expect(code).toBe('WIX_UNAVAILABLE');
      expect(wix.to(PATH)).toHaveLength(2);
    });
  });

  it.each<[string, WireAnswer]>([
    ['with a reason', { status: 403, body: { message: 'Unauthorized', details: {} } }],
    ['without a body', { status: 403 }],
  ])('reports that the app lacks permission, after a 403 %s', async (_how, answer) => {
    expect(await rolesBy(() => answer)).toBe('forbidden');
  });

  it.each<[string, WireAnswer | string]>([
    ['a 403 page', { status: 403, body: PAGE }],
    ['401', { status: 401 }],
    ['404', { status: 404, body: { message: 'not found' } }],
    ['contributors that are no list', { body: { contributors: {} } }],
    ['HTML', { body: PAGE }],
    ['500', { status: 500 }],
    ['a broken connection', 'ECONNRESET'],
  ])('fails as unavailable after %s', async (_what, answer) => {
    expect(await codeBy(() => answer)).toBe('WIX_UNAVAILABLE');
  });

  it('skips entries that are not objects', async () => {
    expect(
      await rolesBy(() => ({ body: { contributors: [null, 'x', 7, contributor(USER_ID, policy(ROLE))] } })),
    ).toEqual([ROLE]);
  });
});
