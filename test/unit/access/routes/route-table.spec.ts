import { routeRecords, routeSummary, type RouteRow } from '../../../../src/access/routes/route-table.js';

const row = (number: number, changes: Partial<RouteRow['policy']> = {}): RouteRow => ({
  method: 'GET',
  path: `/route-${String(number)}`,
  policy: {
    authority: 'user',
    identities: ['user'],
    isPublic: false,
    requirement: { all: [], any: [] },
    ...changes,
  } as RouteRow['policy'],
});

describe('The table of routes', () => {
  it('is one record when it is short', () => {
    expect(routeRecords([row(1), row(2)])).toEqual([['Guarded routes:', 'GET  /route-1  user', 'GET  /route-2  user']]);
  });

  it('is split into records of fifty when it is long, aligned across all of them', () => {
    const records = routeRecords(Array.from({ length: 120 }, (_, index) => row(index + 1))).map((lines) =>
      lines.join('\n'),
    );
    expect(records.map((record) => record.split('\n').length - 1)).toEqual([50, 50, 20]);
    expect(records[2]).toMatch(/^Guarded routes 101 to 120 of 120:\nGET {2}\/route-101 {2}user/);
    expect(records[0]).toContain('/route-1    user');
    expect(Math.max(...records.map(({ length }) => length))).toBeLessThan(8_192);
  });

  it('shows the plans a site needs, beside the scopes', () => {
    const scoped = { requirement: { all: ['BLOG.READ'], any: [] } } as const;
    const rows = [row(1, { ...scoped, plans: ['pro'] }), row(2, { plans: ['basic', 'pro'] }), row(3, scoped)];
    expect(routeRecords(rows)).toEqual([
      [
        'Guarded routes:',
        'GET  /route-1  user  BLOG.READ  app ∩ user  plan: pro',
        'GET  /route-2  user                         plan: basic | pro',
        'GET  /route-3  user  BLOG.READ  app ∩ user',
      ],
    ]);
    expect(routeSummary(rows)).toMatch(/ 2 require scopes, 2 a plan\.$/);
  });

  it('has a summary', () => {
    const scoped = { requirement: { all: ['SCOPE.DC-STORES.READ-PRODUCTS'], any: [] } } as const;
    expect(routeSummary([row(1), row(2, scoped), row(3, { isPublic: true })])).toBe(
      'Guarded routes: 3, of which 1 are public and 1 require scopes.',
    );
  });
});
