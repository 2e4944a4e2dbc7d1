import { checkManifest } from '../../../src/manifest/manifest-check.js';
import type { ManifestRoute, WixManifest } from '../../../src/manifest/wix-manifest.js';

const route: ManifestRoute = {
  name: 'POST /orders',
  handler: 'Orders.create',
  access: 'guarded',
  authority: 'user',
  callers: ['user'],
  scopes: ['SCOPE.A', 'SCOPE.B'],
  anyScopes: [['SCOPE.C', 'SCOPE.D']],
  plans: ['pro'],
};

const scope = (id: string) => ({ id, requiredBy: ['POST /orders'] });

const manifest = (...routes: readonly ManifestRoute[]): WixManifest => ({
  format: 1,
  scopes: [scope('SCOPE.A'), scope('SCOPE.B')],
  oneOf: [],
  routes,
});

const check = (now: Partial<ManifestRoute>, before: Partial<ManifestRoute> = {}) =>
  checkManifest(manifest({ ...route, ...before }), manifest({ ...route, ...now }));

describe('checkManifest', () => {
  it('passes when nothing has changed', () => {
    expect(check({})).toEqual({ failures: [], notes: [] });
  });

  it.each<[Partial<ManifestRoute>, string]>([
    [{ scopes: ['SCOPE.A'] }, 'POST /orders lost SCOPE.B.'],
    [{ scopes: ['SCOPE.A'], reportedScopes: ['SCOPE.B'] }, 'POST /orders only reports SCOPE.B now.'],
    [{ anyScopes: [] }, 'POST /orders lost "one of SCOPE.C, SCOPE.D".'],
    [{ anyScopes: [['SCOPE.C', 'SCOPE.D', 'SCOPE.E']] }, 'POST /orders lost "one of SCOPE.C, SCOPE.D".'],
    [{ plans: [] }, 'POST /orders no longer requires a plan, such as pro.'],
    [{ plans: ['basic', 'pro'] }, 'POST /orders takes more plans now: basic.'],
    [{ callers: ['user', 'visitor'] }, 'POST /orders takes more callers now: visitor.'],
    [
      { authority: 'instance' },
      "POST /orders acts with the app's own permissions now, not with the user's permissions.",
    ],
    [{ access: 'public', callers: [], scopes: [], anyScopes: [] }, 'POST /orders became public.'],
    [{ access: 'unguarded', callers: [] }, 'POST /orders no longer has a guard.'],
    [{ acceptsInstanceQuery: true }, 'POST /orders takes a signed instance in its address now.'],
  ])('fails for %j', (now, failure) => {
    expect(check(now)).toEqual({ failures: [failure], notes: [] });
  });

  it('fails for a route that is new, and names its handler', () => {
    const added: ManifestRoute = { ...route, name: 'GET /orders', handler: 'Orders.list' };
    expect(checkManifest(manifest(route), manifest(route, added)).failures).toEqual([
      'GET /orders is new: takes user with SCOPE.A, SCOPE.B (Orders.list).',
    ]);
  });

  it('fails for a scope that the manifest lacks, and names the routes that need it', () => {
    const now = { ...manifest({ ...route, scopes: ['SCOPE.A', 'SCOPE.B', 'SCOPE.X'] }) };
    const current = { ...now, scopes: [...now.scopes, scope('SCOPE.X')] };
    expect(checkManifest(manifest(route), current)).toEqual({
      failures: ['POST /orders needs SCOPE.X, which the manifest lacks.'],
      notes: ['POST /orders changed, and allows no more than before.'],
    });
  });

  it('fails for an event whose scopes the manifest lacks, unless a requested scope covers them', () => {
    const choice = { scopes: ['SCOPE.Y', 'SCOPE.Z'], requiredBy: ['event x (Events.x)'] };
    const current = { ...manifest(route), oneOf: [choice] };
    expect(checkManifest(manifest(route), current).failures).toEqual([
      'event x (Events.x) needs one of SCOPE.Y, SCOPE.Z, which the manifest lacks.',
    ]);
    expect(checkManifest(current, current).failures).toEqual([]);
    const covered = { ...current, oneOf: [{ ...choice, coveredBy: 'SCOPE.A' }] };
    expect(checkManifest(manifest(route), covered).failures).toEqual([]);
  });

  it.each<Partial<ManifestRoute>>([
    { scopes: ['SCOPE.A', 'SCOPE.B', 'SCOPE.C'] },
    { scopes: ['SCOPE.A', 'SCOPE.B', 'SCOPE.C'], anyScopes: [] },
    { anyScopes: [['SCOPE.C']] },
    { handler: 'Orders.renamed' },
  ])('notes %j, which allows no more than before', (now) => {
    expect(check(now)).toEqual({ failures: [], notes: ['POST /orders changed, and allows no more than before.'] });
  });

  it('notes that a route opened by its guard is closed, and one that was removed', () => {
    const open = { access: 'public', callers: [], scopes: [], anyScopes: [] } as const;
    expect(check({}, open).failures).toEqual([]);
    expect(checkManifest(manifest(route), manifest()).notes).toEqual(['POST /orders is gone (Orders.create).']);
  });

  it('compares handlers with the same name separately', () => {
    const second: ManifestRoute = { ...route, handler: 'OrdersV2.create', scopes: ['SCOPE.A'] };
    const weaker = { ...route, scopes: ['SCOPE.A'] };
    expect(checkManifest(manifest(route, second), manifest(second, route)).failures).toEqual([]);
    expect(checkManifest(manifest(route, second), manifest(second, weaker)).failures).toEqual([
      'POST /orders lost SCOPE.B.',
    ]);
  });
});
